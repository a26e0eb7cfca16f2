//! What stands beside the streams, as every form of an export needs it: roles with who may assume them, functions,
//! mappings, Firehose streams, buckets, keys and alarms.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use sim::{
    AlarmSpec, CompressionFormat, DeliveryStreamSpec, FunctionSpec, OutputFormat, PolicyPlace, ReadyPolicy,
    World,
};

/// A user or role with its policies.
pub(super) struct Identity {
    pub(super) name: String,
    pub(super) is_role: bool,
    /// Who may assume a role.
    pub(super) trust: Value,
    /// Name and document.
    pub(super) inline: Vec<(String, Value)>,
    /// ARNs of policies that AWS manages.
    pub(super) attached: Vec<String>,
}

/// An event source mapping.
pub(super) struct Mapping {
    pub(super) function: String,
    /// Name of the stream that is polled; none where a consumer is pushed to, or the stream is another account's.
    pub(super) stream: Option<String>,
    /// Parameters of CreateEventSourceMapping but the function; what is as by default is left out.
    pub(super) parameters: Map<String, Value>,
}

/// A Firehose stream.
pub(super) struct Delivery<'w> {
    pub(super) spec: &'w DeliveryStreamSpec,
    /// Name of the role that it reads and writes as.
    pub(super) role: String,
    /// Name of the stream that it reads; none where producers put to it directly.
    pub(super) stream: Option<String>,
}

pub(super) struct Neighbours<'w> {
    pub(super) identities: Vec<Identity>,
    /// With the role that it runs as.
    pub(super) functions: Vec<(&'w FunctionSpec, String)>,
    pub(super) mappings: Vec<Mapping>,
    pub(super) buckets: Vec<&'w str>,
    pub(super) deliveries: Vec<Delivery<'w>>,
    pub(super) alarms: Vec<&'w AlarmSpec>,
    /// Aliases of keys of the account's own, without what `alias/` says.
    pub(super) keys: Vec<String>,
}

/// Roles for what has none here, where everything is allowed without one.
const LAMBDA_ROLE: &str = "sandbox-lambda";
const FIREHOSE_ROLE: &str = "sandbox-firehose";
const LAMBDA_POLICY: &str = "arn:aws:iam::aws:policy/service-role/AWSLambdaKinesisExecutionRole";

/// The part of an ARN behind its last mark.
fn name_of(arn: &str) -> &str {
    arn.rsplit(['/', ':']).next().unwrap_or(arn)
}

impl<'w> Neighbours<'w> {
    pub(super) fn of(world: &'w World) -> Neighbours<'w> {
        let role = |arn: &Option<String>, default: &str| {
            arn.as_deref().map_or_else(|| default.to_owned(), |arn| name_of(arn).to_owned())
        };
        let functions: Vec<(&FunctionSpec, String)> = world
            .functions()
            .values()
            .map(|function| (&function.spec, role(&function.spec.role, LAMBDA_ROLE)))
            .collect();
        let deliveries: Vec<Delivery<'_>> = world
            .delivery_streams()
            .map(|(_, stream)| Delivery {
                spec: &stream.spec,
                role: role(&stream.spec.role, FIREHOSE_ROLE),
                stream: stream.spec.kinesis_stream_arn.as_deref().map(|arn| name_of(arn).to_owned()),
            })
            .collect();
        let keys = super::streams(world).filter_map(|stream| stream.encryption_key.as_deref());
        let keys = keys.chain(world.key_states().map(|(key, _)| key));
        let mut keys: Vec<String> = keys
            .filter_map(|key| key.strip_prefix("alias/"))
            .filter(|alias| !alias.starts_with("aws/"))
            .map(str::to_owned)
            .collect();
        keys.sort_unstable();
        keys.dedup();
        Neighbours {
            identities: identities(world, &functions, &deliveries),
            functions,
            mappings: world.mappings().map(|(_, mapping)| mapping_of(mapping.configuration())).collect(),
            buckets: world.s3().buckets().map(|(name, _)| name.as_str()).collect(),
            deliveries,
            alarms: world.alarms().map(|alarm| &alarm.spec).collect(),
            keys,
        }
    }

    /// What is different in reality about these.
    pub(super) fn differences(&self, world: &World) -> Vec<String> {
        let mut told = Vec::new();
        if !self.functions.is_empty() {
            told.push(
                "Functions are declared behaviours here: their code is a placeholder, put yours in."
                    .to_owned(),
            );
        }
        if self
            .identities
            .iter()
            .any(|identity| identity.name == LAMBDA_ROLE || identity.name == FIREHOSE_ROLE)
        {
            told.push(
                "What runs without a role here gets one with the rights that it needs: AWS runs nothing without."
                    .to_owned(),
            );
        }
        for mapping in &self.mappings {
            if let Some(destination) = mapping.parameters.get("DestinationConfig") {
                let arn = destination["OnFailure"]["Destination"].as_str().unwrap_or_default();
                told.push(format!(
                    "{arn} must exist before the mapping of {} does, and the function's role may write there.",
                    mapping.function
                ));
            }
        }
        if !self.buckets.is_empty() {
            told.push(
                "Names of buckets are one in the world: take your own. Objects stay behind, and a bucket must be empty \
                 to be deleted."
                    .to_owned(),
            );
        }
        for Delivery { spec, .. } in &self.deliveries {
            if let Some(table) = &spec.schema {
                told.push(format!(
                    "{} takes its columns from the AWS Glue table {table}, which must exist before it does.",
                    spec.name
                ));
            }
            if spec.transform.is_some() || spec.partition_by.is_some() || spec.backup_bucket.is_some() {
                told.push(format!(
                    "Transform, dynamic partitioning and backup of {} are not taken along.",
                    spec.name
                ));
            }
        }
        if !self.keys.is_empty() {
            told.push(
                "A key costs a dollar a month, and is deleted 7 to 30 days after one asks for it; its policy is the \
                 default one."
                    .to_owned(),
            );
        }
        if world.dms_tasks().next().is_some() {
            told.push(
                "Replication tasks need endpoints and an instance, and are not taken along.".to_owned(),
            );
        }
        if world.flink_applications().next().is_some() {
            told.push("Flink applications need their code, and are not taken along.".to_owned());
        }
        told
    }
}

fn identities(
    world: &World,
    functions: &[(&FunctionSpec, String)],
    deliveries: &[Delivery<'_>],
) -> Vec<Identity> {
    let account = world.service().account();
    // Which services must be able to assume a role.
    let mut users: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    functions.iter().for_each(|(_, role)| users.entry(role).or_default().push("lambda.amazonaws.com"));
    for delivery in deliveries {
        users.entry(&delivery.role).or_default().push("firehose.amazonaws.com");
    }
    let trust_of = |name: &str| {
        let mut services = users.get(name).cloned().unwrap_or_default();
        services.dedup();
        let who = match services.as_slice() {
            [] => json!({ "AWS": format!("arn:aws:iam::{account}:root") }),
            [service] => json!({ "Service": service }),
            services => json!({ "Service": services }),
        };
        let statement = json!({ "Effect": "Allow", "Principal": who, "Action": "sts:AssumeRole" });
        json!({ "Version": "2012-10-17", "Statement": [statement] })
    };
    let mut all: Vec<Identity> = world
        .identities()
        .filter(|(arn, _)| arn.contains(&format!(":{account}:")))
        .map(|(arn, made)| {
            let name = name_of(arn).to_owned();
            let trust = made.and_then(|made| serde_json::from_str(made.trust.as_deref()?).ok());
            let own = || world.identity_policies().filter(|(principal, _, _)| *principal == arn);
            let document = |text: &str| serde_json::from_str(text).unwrap_or(Value::Null);
            Identity {
                is_role: arn.contains(":role/"),
                trust: trust.unwrap_or_else(|| trust_of(&name)),
                inline: own()
                    .filter(|(_, name, _)| !name.starts_with("arn:"))
                    .map(|(_, name, policy)| (name.to_owned(), document(policy.text())))
                    .collect(),
                attached: own()
                    .filter(|(_, name, _)| name.starts_with("arn:"))
                    .map(|(_, name, _)| name.to_owned())
                    .collect(),
                name,
            }
        })
        .collect();
    let implied = |name: &str| Identity {
        name: name.to_owned(),
        is_role: true,
        trust: trust_of(name),
        inline: Vec::new(),
        attached: Vec::new(),
    };
    let is_there = |all: &[Identity], name: &str| all.iter().any(|identity| identity.name == name);
    if functions.iter().any(|(_, role)| role == LAMBDA_ROLE) && !is_there(&all, LAMBDA_ROLE) {
        all.push(Identity { attached: vec![LAMBDA_POLICY.to_owned()], ..implied(LAMBDA_ROLE) });
    }
    let without: Vec<_> = deliveries.iter().filter(|delivery| delivery.role == FIREHOSE_ROLE).collect();
    if !without.is_empty() && !is_there(&all, FIREHOSE_ROLE) {
        let region = world.service().region();
        let inline = without
            .into_iter()
            .map(|delivery| (delivery.spec.name.clone(), rights_of(delivery, region, account)))
            .collect();
        all.push(Identity { inline, ..implied(FIREHOSE_ROLE) });
    }
    all
}

/// What a Firehose stream must be allowed to do, as a policy document.
///
/// Documented: Controlling access with Amazon Data Firehose, with the statement for format conversion.
fn rights_of(delivery: &Delivery<'_>, region: &str, account: &str) -> Value {
    let Delivery { spec, stream, .. } = delivery;
    let named = stream.as_deref().unwrap_or_default();
    let place = PolicyPlace { region, account, stream: named, application: "", bucket: &spec.bucket };
    let mut document: Value =
        serde_json::from_str(&ReadyPolicy::Firehose.document(place)).unwrap_or(Value::Null);
    let Some(statements) = document["Statement"].as_array_mut() else { return document };
    if stream.is_none() {
        statements.retain(|statement| {
            statement["Action"][0].as_str().is_some_and(|action| !action.starts_with("kinesis:"))
        });
    }
    if let Some((database, table)) = table_of(spec) {
        let arn = |resource: String| json!(format!("arn:aws:glue:{region}:{account}:{resource}"));
        statements.push(json!({
            "Effect": "Allow",
            "Action": ["glue:GetTable", "glue:GetTableVersion", "glue:GetTableVersions"],
            "Resource": [
                arn("catalog".to_owned()),
                arn(format!("database/{database}")),
                arn(format!("table/{database}/{table}")),
            ],
        }));
    }
    document
}

/// Database and table of the schema of a format conversion.
pub(super) fn table_of(spec: &DeliveryStreamSpec) -> Option<(&str, &str)> {
    spec.output_format.and(spec.schema.as_deref()?.split_once('.'))
}

/// Parameters of ExtendedS3DestinationConfiguration, but the ARNs of role and bucket; the schema's role is the same one.
pub(super) fn destination_parameters(spec: &DeliveryStreamSpec, role: &Value) -> Map<String, Value> {
    let mut members = Map::new();
    let mut set = |name: &str, value: Value| drop(members.insert(name.to_owned(), value));
    for (name, value) in [("Prefix", &spec.prefix), ("ErrorOutputPrefix", &spec.error_output_prefix)] {
        if !value.is_empty() {
            set(name, json!(value));
        }
    }
    set(
        "BufferingHints",
        json!({ "SizeInMBs": spec.size_in_mbs, "IntervalInSeconds": spec.interval_in_seconds }),
    );
    if spec.compression_format != CompressionFormat::Uncompressed {
        set("CompressionFormat", json!(spec.compression_format.name()));
    }
    if let (Some(format), Some((database, table))) = (spec.output_format, table_of(spec)) {
        let serializer = match format {
            OutputFormat::Parquet => "ParquetSerDe",
            OutputFormat::Orc => "OrcSerDe",
        };
        set(
            "DataFormatConversionConfiguration",
            json!({
                "Enabled": true,
                "SchemaConfiguration": { "RoleARN": role, "DatabaseName": database, "TableName": table },
                "InputFormatConfiguration": { "Deserializer": { "OpenXJsonSerDe": {} } },
                "OutputFormatConfiguration": { "Serializer": { serializer: {} } },
            }),
        );
    }
    members
}

/// Parameters of CreateEventSourceMapping out of what GetEventSourceMapping answers.
fn mapping_of(configuration: Value) -> Mapping {
    let text = |name: &str| configuration[name].as_str().unwrap_or_default().to_owned();
    let source = text("EventSourceArn");
    let stream = source.split_once(":stream/").map(|(_, rest)| rest.to_owned());
    let mut parameters = Map::new();
    // The value that each has when nothing is said.
    let kept: [(&str, Value); 13] = [
        ("EventSourceArn", Value::Null),
        ("StartingPosition", Value::Null),
        ("StartingPositionTimestamp", Value::Null),
        ("BatchSize", json!(100)),
        ("MaximumBatchingWindowInSeconds", json!(0)),
        ("ParallelizationFactor", json!(1)),
        ("FilterCriteria", Value::Null),
        ("DestinationConfig", json!({ "OnFailure": {} })),
        ("MaximumRecordAgeInSeconds", json!(-1)),
        ("BisectBatchOnFunctionError", json!(false)),
        ("MaximumRetryAttempts", json!(-1)),
        ("TumblingWindowInSeconds", json!(0)),
        ("FunctionResponseTypes", json!([])),
    ];
    for (name, default) in kept {
        if let Some(value) = configuration.get(name).filter(|value| **value != default) {
            parameters.insert(name.to_owned(), value.clone());
        }
    }
    if text("State").starts_with("Disabl") {
        parameters.insert("Enabled".to_owned(), json!(false));
    }
    let function = name_of(&text("FunctionArn")).to_owned();
    Mapping { function, stream: stream.filter(|stream| !stream.contains('/')), parameters }
}

/// The parameters of PutMetricAlarm.
pub(super) fn alarm_parameters(spec: &AlarmSpec) -> Map<String, Value> {
    let dimensions: Vec<Value> =
        spec.metric.dimensions.iter().map(|(name, value)| json!({ "Name": name, "Value": value })).collect();
    let mut parameters = Map::new();
    let mut set = |name: &str, value: Value| drop(parameters.insert(name.to_owned(), value));
    set("AlarmName", json!(spec.name));
    set("Namespace", json!(spec.metric.namespace));
    set("MetricName", json!(spec.metric.name));
    if !dimensions.is_empty() {
        set("Dimensions", Value::Array(dimensions));
    }
    set("Statistic", json!(spec.statistic.name()));
    set("Period", json!(spec.period));
    set("EvaluationPeriods", json!(spec.evaluation_periods));
    set("DatapointsToAlarm", json!(spec.datapoints_to_alarm));
    set("Threshold", number(&spec.threshold.to_string()));
    set("ComparisonOperator", json!(spec.comparison.name()));
    set("TreatMissingData", json!(spec.missing_data.name()));
    parameters
}

/// A number as it is written: `1`, not `1.0`.
fn number(text: &str) -> Value {
    text.parse::<i64>().map(Value::from).or_else(|_| text.parse::<f64>().map(Value::from)).unwrap_or_default()
}
