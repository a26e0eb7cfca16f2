//! `aws lambda`: event source mappings, and the functions that they feed.
//!
//! Documented: AWS Lambda API Reference for the members. Functions are declared behaviours here and have no code: they
//! are made with `sandbox function create`.

use awsjson::{Kind, Member};
use kinesis::Instant;
use serde_json::{Value, json};
use sim::{Command, LambdaCommand, MappingChange, MappingSpec, StartingPosition, World};

use super::{
    Answer, Does, Given, Service, ServiceCommand, ServiceError, any_resource, int, of, refused, required,
    text,
};

const PATTERN: &[Member] = &[text("Pattern")];
const FILTERS: &[Member] = &[of(Kind::StructureList(PATTERN), text("Filters"))];
const DESTINATION: &[Member] = &[text("Destination")];
const DESTINATIONS: &[Member] = &[
    of(Kind::Structure(DESTINATION), text("OnSuccess")),
    of(Kind::Structure(DESTINATION), text("OnFailure")),
];

const UUID: Member = required(text("UUID"));
const FUNCTION: Member = text("FunctionName");
const SOURCE: Member = text("EventSourceArn");
const ENABLED: Member = of(Kind::Boolean, text("Enabled"));
const BATCH: Member = int("BatchSize", 1);
const FILTER: Member = of(Kind::Structure(FILTERS), text("FilterCriteria"));
const WINDOW: Member = int("MaximumBatchingWindowInSeconds", 0);
const FACTOR: Member = int("ParallelizationFactor", 1);
const ON: Member = of(Kind::Structure(DESTINATIONS), text("DestinationConfig"));
const AGE: Member = int("MaximumRecordAgeInSeconds", -1);
const BISECT: Member = of(Kind::Boolean, text("BisectBatchOnFunctionError"));
const RETRIES: Member = int("MaximumRetryAttempts", -1);
const TUMBLING: Member = int("TumblingWindowInSeconds", 0);
const RESPONSES: Member = of(Kind::StringList, text("FunctionResponseTypes"));

pub(super) const LAMBDA: Service = Service {
    name: "lambda",
    help: "AWS Lambda: event source mappings from streams to functions",
    commands: &[
        ServiceCommand {
            name: "create-event-source-mapping",
            operation: "CreateEventSourceMapping",
            members: &[
                SOURCE,
                required(FUNCTION),
                ENABLED,
                BATCH,
                FILTER,
                WINDOW,
                FACTOR,
                text("StartingPosition"),
                of(Kind::Timestamp, text("StartingPositionTimestamp")),
                ON,
                AGE,
                BISECT,
                RETRIES,
                TUMBLING,
                RESPONSES,
            ],
            help: "Lets a stream, or a registered consumer of it, invoke a function.",
            example: "aws lambda create-event-source-mapping --function-name count --event-source-arn arn:aws:kinesis:us-east-1:123456789012:stream/orders --starting-position TRIM_HORIZON",
            resource: any_resource,
            does: Does::Changes(create, newest),
        },
        ServiceCommand {
            name: "update-event-source-mapping",
            operation: "UpdateEventSourceMapping",
            members: &[
                UUID, FUNCTION, ENABLED, BATCH, FILTER, WINDOW, ON, AGE, BISECT, RETRIES, FACTOR, TUMBLING,
                RESPONSES,
            ],
            help: "Gives an event source mapping new settings.",
            example: "aws lambda update-event-source-mapping --uuid UUID --batch-size 10",
            resource: any_resource,
            does: Does::Changes(update, get),
        },
        ServiceCommand {
            name: "list-event-source-mappings",
            operation: "ListEventSourceMappings",
            members: &[SOURCE, FUNCTION],
            help: "Lists the event source mappings.",
            example: "aws lambda list-event-source-mappings --function-name count",
            resource: any_resource,
            does: Does::Looks(list),
        },
        ServiceCommand {
            name: "get-event-source-mapping",
            operation: "GetEventSourceMapping",
            members: &[UUID],
            help: "Shows an event source mapping.",
            example: "aws lambda get-event-source-mapping --uuid UUID",
            resource: any_resource,
            does: Does::Looks(get),
        },
        ServiceCommand {
            name: "delete-event-source-mapping",
            operation: "DeleteEventSourceMapping",
            members: &[UUID],
            help: "Ends an event source mapping.",
            example: "aws lambda delete-event-source-mapping --uuid UUID",
            resource: any_resource,
            does: Does::Changes(delete, get),
        },
        ServiceCommand {
            name: "list-functions",
            operation: "ListFunctions",
            members: &[],
            help: "Lists the functions; here each is a declared behaviour without code.",
            example: "aws lambda list-functions",
            resource: any_resource,
            does: Does::Looks(functions),
        },
    ],
};

fn filters(given: &Given) -> Option<Vec<String>> {
    let filters = given.0.get("FilterCriteria")?.get("Filters")?.as_array()?;
    Some(filters.iter().filter_map(|filter| filter.get("Pattern")?.as_str().map(str::to_owned)).collect())
}

fn on_failure(given: &Given) -> Option<String> {
    let destination = given.0.get("DestinationConfig")?.get("OnFailure")?.get("Destination")?;
    destination.as_str().map(str::to_owned)
}

fn flag(given: &Given, name: &str) -> Option<bool> {
    given.0.get(name).and_then(Value::as_bool)
}

/// Assumed: the sentence; a stream needs a starting position.
fn create(_: &World, given: &Given) -> Result<Command, ServiceError> {
    let from = match (given.text("StartingPosition"), given.number("StartingPositionTimestamp")) {
        ("TRIM_HORIZON", _) => StartingPosition::TrimHorizon,
        ("LATEST", _) => StartingPosition::Latest,
        ("AT_TIMESTAMP", Some(seconds)) => {
            StartingPosition::AtTimestamp(Instant::from_seconds(u64::try_from(seconds).unwrap_or(0)))
        }
        _ => {
            return refused(
                "InvalidParameterValueException",
                "StartingPosition must be TRIM_HORIZON, LATEST, or AT_TIMESTAMP with StartingPositionTimestamp.",
            );
        }
    };
    let default = MappingSpec::new(given.text("FunctionName"), given.text("EventSourceArn"), from);
    let number = |name: &str, default: i64| given.number(name).unwrap_or(default);
    let command = LambdaCommand::CreateEventSourceMapping(MappingSpec {
        enabled: flag(given, "Enabled").unwrap_or(default.enabled),
        batch_size: number("BatchSize", default.batch_size),
        maximum_batching_window_in_seconds: number(
            "MaximumBatchingWindowInSeconds",
            default.maximum_batching_window_in_seconds,
        ),
        parallelization_factor: number("ParallelizationFactor", default.parallelization_factor),
        maximum_record_age_in_seconds: number(
            "MaximumRecordAgeInSeconds",
            default.maximum_record_age_in_seconds,
        ),
        maximum_retry_attempts: number("MaximumRetryAttempts", default.maximum_retry_attempts),
        bisect_batch_on_function_error: flag(given, "BisectBatchOnFunctionError").unwrap_or(false),
        report_batch_item_failures: given.texts("FunctionResponseTypes").contains(&"ReportBatchItemFailures"),
        tumbling_window_in_seconds: number("TumblingWindowInSeconds", default.tumbling_window_in_seconds),
        filters: filters(given).unwrap_or_default(),
        on_failure: on_failure(given),
        ..default
    });
    Ok(Command::Lambda(Box::new(command)))
}

fn update(_: &World, given: &Given) -> Result<Command, ServiceError> {
    let function = given.text("FunctionName");
    let responses = given.0.contains_key("FunctionResponseTypes");
    let change = MappingChange {
        function: (!function.is_empty()).then(|| function.to_owned()),
        enabled: flag(given, "Enabled"),
        batch_size: given.number("BatchSize"),
        maximum_batching_window_in_seconds: given.number("MaximumBatchingWindowInSeconds"),
        parallelization_factor: given.number("ParallelizationFactor"),
        maximum_record_age_in_seconds: given.number("MaximumRecordAgeInSeconds"),
        maximum_retry_attempts: given.number("MaximumRetryAttempts"),
        bisect_batch_on_function_error: flag(given, "BisectBatchOnFunctionError"),
        report_batch_item_failures: responses
            .then(|| given.texts("FunctionResponseTypes").contains(&"ReportBatchItemFailures")),
        tumbling_window_in_seconds: given.number("TumblingWindowInSeconds"),
        filters: filters(given),
        on_failure: on_failure(given),
    };
    let uuid = given.text("UUID").to_owned();
    Ok(Command::Lambda(Box::new(LambdaCommand::UpdateEventSourceMapping { uuid, change })))
}

fn delete(_: &World, given: &Given) -> Result<Command, ServiceError> {
    let uuid = given.text("UUID").to_owned();
    Ok(Command::Lambda(Box::new(LambdaCommand::DeleteEventSourceMapping { uuid })))
}

/// The mapping that was just made.
fn newest(world: &World, _: &Given) -> Answer {
    match world.mappings().last() {
        Some((_, mapping)) => Ok(mapping.configuration()),
        None => refused("ServiceException", "The mapping is not there."),
    }
}

/// Observed: the sentence as Lambda sends it, in LocalStack's recordings of AWS.
fn get(world: &World, given: &Given) -> Answer {
    match world.mapping(given.text("UUID")) {
        Some(mapping) => Ok(mapping.configuration()),
        None => refused("ResourceNotFoundException", "The resource you requested does not exist."),
    }
}

fn list(world: &World, given: &Given) -> Answer {
    let (function, source) = (given.text("FunctionName"), given.text("EventSourceArn"));
    let name = function.rsplit(':').next().unwrap_or_default();
    let mappings: Vec<Value> = world
        .mappings()
        .filter(|(_, mapping)| name.is_empty() || mapping.function_arn().ends_with(&format!(":{name}")))
        .map(|(_, mapping)| mapping.configuration())
        .filter(|mapping| source.is_empty() || mapping["EventSourceArn"] == source)
        .collect();
    Ok(json!({ "EventSourceMappings": mappings }))
}

fn functions(world: &World, _: &Given) -> Answer {
    let (region, account) = (world.service().region(), world.service().account());
    let functions: Vec<Value> = world
        .functions()
        .iter()
        .map(|(name, _)| {
            json!({
                "FunctionName": name,
                "FunctionArn": format!("arn:aws:lambda:{region}:{account}:function:{name}"),
            })
        })
        .collect();
    Ok(json!({ "Functions": functions }))
}
