//! The language against the public compliance cases, against another library, and against nonsense.

use std::path::PathBuf;
use std::process::Command;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::Query;

fn search(text: &str, value: &Value) -> Result<Value, String> {
    Query::parse(text)?.search(value)
}

/// Where the library's source lies, which brings the public compliance cases along.
fn compliance_folder() -> PathBuf {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version=1", "--locked"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let library = packages.iter().find(|package| package["name"] == "jmespath").unwrap();
    let manifest = PathBuf::from(library["manifest_path"].as_str().unwrap());
    manifest.parent().unwrap().join("tests/compliance")
}

#[test]
fn the_public_compliance_cases_pass() {
    let (mut count, mut failed) = (0, Vec::new());
    for entry in std::fs::read_dir(compliance_folder()).unwrap() {
        let path = entry.unwrap().path();
        let suites: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        for suite in suites.as_array().unwrap() {
            for case in suite["cases"].as_array().unwrap() {
                let expression = case["expression"].as_str().unwrap();
                if case.get("bench").is_some() && case.get("result").is_none() {
                    continue;
                }
                count += 1;
                let found = search(expression, &suite["given"]);
                let is_right = match (&found, case.get("result")) {
                    (Ok(value), Some(result)) => super::evaluate::is_equal(value, result),
                    (Err(_), None) => true,
                    _ => false,
                };
                if !is_right {
                    failed.push(format!("{expression}: {found:?} in {}", path.display()));
                }
            }
        }
    }
    assert_eq!(failed, [""; 0], "{} of {count}", failed.len());
    assert!(count > 800, "only {count} cases were found");
}

#[test]
fn members_keep_their_order() {
    let answer = json!({"ShardId": "s", "Data": "d", "A": 1});
    assert_eq!(search("@", &answer).unwrap().to_string(), r#"{"ShardId":"s","Data":"d","A":1}"#);
    assert_eq!(search("{z: A, a: ShardId}", &answer).unwrap().to_string(), r#"{"z":1,"a":"s"}"#);
    assert_eq!(search("keys(@)", &answer).unwrap(), json!(["ShardId", "Data", "A"]));
}

#[test]
fn mistakes_are_said_in_the_librarys_words() {
    let answer = json!({"ShardId": "shard", "n": 1});
    for (expression, expected) in [
        ("", "Invalid JMESPath expression: cannot be empty."),
        ("foo[", "Invalid jmespath expression: Incomplete expression:\n\"foo[\"\n     ^"),
        ("a-b", "Bad jmespath expression: Unknown token '-':\na-b\n ^"),
        ("a=b", "Bad jmespath expression: Unknown token '=':\na=b\n ^"),
        ("a'", "Bad jmespath expression: Unclosed ' delimiter:\na'\n ^"),
        ("#", "Bad jmespath expression: Unknown token #:\n#\n^"),
        (
            "a b",
            "Unexpected token: b: Parse error at column 2, token \"b\" (UNQUOTED_IDENTIFIER), for expression:\n\"a b\"\n   ^",
        ),
        (
            "a..b",
            "Expecting: ['quoted_identifier', 'unquoted_identifier', 'lbracket', 'lbrace'], got: dot: Parse error at \
             column 2, token \".\" (DOT), for expression:\n\"a..b\"\n   ^",
        ),
        ("Shards[0", "Invalid jmespath expression: Incomplete expression:\n\"Shards[0\"\n         ^"),
        (
            "a[x]",
            "Expecting: star, got: unquoted_identifier: Parse error at column 2, token \"x\" (UNQUOTED_IDENTIFIER), for expression:\n\"a[x]\"\n   ^",
        ),
        (")", "invalid token: Parse error at column 0, token \")\" (RPAREN), for expression:\n\")\"\n ^"),
        ("foo(@)", "Unknown function: foo()"),
        ("abs(@, @)", "Expected 1 argument for function abs(), received 2"),
        ("join(@)", "Expected 2 arguments for function join(), received 1"),
        ("not_null()", "Expected at least 1 argument for function not_null(), received 0"),
        (
            "abs(ShardId)",
            "In function abs(), invalid type for value: shard, expected one of: ['number'], received: \"string\"",
        ),
        (
            "sum(`[1, \"a\"]`)",
            "In function sum(), invalid type for value: a, expected one of: ['array-number'], received: \"str\"",
        ),
        ("n < ShardId", "'<' not supported between instances of 'int' and 'str'"),
        ("`[1]`[::0]", "slice step cannot be zero"),
    ] {
        assert_eq!(search(expression, &answer).unwrap_err(), expected, "{expression}");
    }
}

/// Expressions of all forms over a few names, most of them right.
#[test]
fn a_query_that_doubles_what_it_has_ends_with_a_sentence() {
    let doubled = |step: &str| format!("@{}", step.repeat(60));
    let texts = ["a".repeat(64), "b".repeat(64)];
    for (step, value) in [("|[@,@]", json!(texts)), ("|join('',[@,@])", json!(texts[0]))] {
        let error = search(&doubled(step), &value).unwrap_err();
        assert_eq!(error, "the sandbox lets a query make at most 2000000 values out of an answer", "{step}");
    }
    let glue = json!({ "glue": "g".repeat(1 << 20), "of": vec!["a"; 10_000] });
    assert!(search("join(glue, of)", &glue).unwrap_err().contains("at most 2000000 values"));
}

fn expression() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        "[abc]",
        Just("@".to_owned()),
        Just("`1`".to_owned()),
        Just("`[3, 1, 2]`".to_owned()),
        Just("'x'".to_owned()),
        Just("\"a\"".to_owned()),
    ];
    leaf.prop_recursive(4, 24, 3, |inner| {
        let pair = (inner.clone(), inner.clone());
        prop_oneof![
            pair.clone().prop_map(|(a, b)| format!("{a}.{b}")),
            pair.clone().prop_map(|(a, b)| format!("{a} | {b}")),
            pair.clone().prop_map(|(a, b)| format!("{a} || {b}")),
            pair.clone().prop_map(|(a, b)| format!("{a} && {b}")),
            pair.clone().prop_map(|(a, b)| format!("{a} == {b}")),
            pair.clone().prop_map(|(a, b)| format!("{a}[?{b}]")),
            pair.clone().prop_map(|(a, b)| format!("[{a}, {b}]")),
            pair.clone().prop_map(|(a, b)| format!("{{x: {a}, y: {b}}}")),
            pair.clone().prop_map(|(a, b)| format!("not_null({a}, {b})")),
            pair.prop_map(|(a, b)| format!("map(&{a}, to_array({b}))")),
            inner.clone().prop_map(|a| format!("{a}[*]")),
            inner.clone().prop_map(|a| format!("{a}[]")),
            // In parentheses: of `a.*[0].*` the other library makes something else than the Python one.
            inner.clone().prop_map(|a| format!("({a}.*)")),
            (inner.clone(), -3..3i32).prop_map(|(a, i)| format!("{a}[{i}]")),
            (inner.clone(), -3..3i32, -3..3i32).prop_map(|(a, i, j)| format!("{a}[{i}:{j}]")),
            (inner.clone(), -3..3i32).prop_map(|(a, i)| format!("{a}[::{i}]")),
            inner.clone().prop_map(|a| format!("!{a}")),
            inner.clone().prop_map(|a| format!("({a})")),
            inner.clone().prop_map(|a| format!("type({a})")),
            inner.clone().prop_map(|a| format!("length({a})")),
            inner.clone().prop_map(|a| format!("sort({a})")),
            inner.clone().prop_map(|a| format!("reverse({a})")),
            inner.clone().prop_map(|a| format!("sum({a})")),
            inner.clone().prop_map(|a| format!("max({a})")),
            inner.prop_map(|a| format!("sort_by({a}, &b)")),
        ]
    })
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-5..5i64).prop_map(Value::from),
        "[xyz]{0,2}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
            proptest::collection::btree_map("[abc]", inner, 0..3)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn another_library_picks_the_same(text in expression(), value in value()) {
        let theirs = jmespath::compile(&text).and_then(|compiled| compiled.search(value.clone()));
        let ours = search(&text, &value);
        if let Ok(theirs) = theirs {
            let theirs: Value = serde_json::from_str(&theirs.to_string()).unwrap();
            let ours = ours.unwrap_or_else(Value::from);
            prop_assert!(super::evaluate::is_equal(&ours, &theirs), "{text} of {value}: {ours}, not {theirs}");
        }
    }

    #[test]
    fn no_text_makes_it_panic(text in "[ab@*.,:&|!<>=()\\[\\]{}?'\"`\\\\ 01\\-é]{0,24}", value in value()) {
        let _ = search(&text, &value);
    }
}
