//! What the service does, told in conversations whose expected answers come from AWS's documentation, from
//! observations of AWS or from a computation outside of this project; each says which.

use std::collections::BTreeSet;

use kinesis::Operation;

#[test]
fn every_scenario_goes_as_its_source_says() {
    let scenarios = tests::folder("scenarios");
    let failures: Vec<String> = scenarios
        .iter()
        .flat_map(|(name, cases)| cases.iter().map(move |case| (name, case)))
        .filter_map(|(name, case)| case.play().err().map(|why| format!("{name}, {why}")))
        .collect();
    assert!(failures.is_empty(), "{} of {}:\n{}", failures.len(), scenarios.len(), failures.join("\n"));
}

#[test]
fn every_scenario_has_a_source_and_something_to_check() {
    for (name, cases) in tests::folder("scenarios") {
        for case in &cases {
            assert!(
                case.header("basis")
                    .is_some_and(|basis| ["observed", "documented", "assumed"].contains(&basis)),
                "{name}"
            );
            assert!(case.header("source").is_some_and(|source| source.len() > 20), "{name}");
            assert!(case.expectation_count() > 0, "{name}");
        }
    }
}

#[test]
fn every_operation_is_in_a_scenario() {
    let scenarios = tests::folder("scenarios");
    let called: BTreeSet<&str> =
        scenarios.iter().flat_map(|(_, cases)| cases).flat_map(|case| case.operations()).collect();
    let missing: Vec<&str> = Operation::ALL
        .iter()
        .map(|operation| operation.name())
        .filter(|name| !called.contains(name))
        .collect();
    assert!(missing.is_empty(), "in no scenario: {missing:?}");
}
