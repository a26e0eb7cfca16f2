//! The neighbours' resources.
//!
//! Documented: the AWS provider's resources for IAM, KMS, S3, Lambda, Data Firehose and CloudWatch.

use serde_json::{Map, Value, json};
use sim::{CompressionFormat, OutputFormat};

use super::literal;
use crate::export::logical_names;
use crate::export::neighbours::{Delivery, Identity, Neighbours, alarm_parameters, table_of};

/// Resources by their type, each with the name by which the configuration knows it.
pub(super) type Resources = Vec<(&'static str, Map<String, Value>)>;

/// What the provider calls it, and what refers to it.
struct Named {
    kind: &'static str,
    names: Vec<(String, String)>,
}

impl Named {
    fn new<'a>(kind: &'static str, names: impl Iterator<Item = &'a str> + Clone) -> Named {
        let logical = logical_names(names.clone(), "_");
        Named { kind, names: names.map(str::to_owned).zip(logical).collect() }
    }

    fn attribute(&self, name: &str, attribute: &str, otherwise: &str) -> Value {
        match self.names.iter().find(|(own, _)| own == name) {
            Some((_, logical)) => json!(format!("${{{}.{logical}.{attribute}}}", self.kind)),
            None => json!(literal(otherwise)),
        }
    }
}

/// `stream_arn` gives the expression for a stream of the configuration.
pub(super) fn resources(all: &Neighbours<'_>, stream_arn: impl Fn(&str) -> Option<String>) -> Resources {
    let mut resources = Resources::new();
    let mut add = |kind: &'static str, name: String, arguments: Value| match resources
        .iter_mut()
        .find(|(own, _)| *own == kind)
    {
        Some((_, of_kind)) => drop(of_kind.insert(name, arguments)),
        None => resources.push((kind, Map::from_iter([(name, arguments)]))),
    };
    let keys = Named::new("aws_kms_key", all.keys.iter().map(String::as_str));
    for (alias, name) in &keys.names {
        add("aws_kms_key", name.clone(), json!({ "deletion_window_in_days": 7 }));
        let alias_name = literal(&format!("alias/{alias}"));
        let target = keys.attribute(alias, "key_id", "");
        add("aws_kms_alias", name.clone(), json!({ "name": alias_name, "target_key_id": target }));
    }
    let is_role = |identity: &&Identity| identity.is_role;
    let role_names = all.identities.iter().filter(is_role).map(|identity| identity.name.as_str());
    let roles = Named::new("aws_iam_role", role_names);
    let user_names = all.identities.iter().filter(|identity| !identity.is_role);
    let users = Named::new("aws_iam_user", user_names.map(|identity| identity.name.as_str()));
    for identity in &all.identities {
        let (named, own, policy, attachment, member) = match identity.is_role {
            true => (&roles, "aws_iam_role", "aws_iam_role_policy", "aws_iam_role_policy_attachment", "role"),
            false => {
                (&users, "aws_iam_user", "aws_iam_user_policy", "aws_iam_user_policy_attachment", "user")
            }
        };
        let Some((_, name)) = named.names.iter().find(|(own, _)| *own == identity.name) else { continue };
        let mut arguments = Map::from_iter([("name".to_owned(), json!(literal(&identity.name)))]);
        if identity.is_role {
            arguments.insert("assume_role_policy".to_owned(), json!(literal(&identity.trust.to_string())));
        }
        add(own, name.clone(), Value::Object(arguments));
        let whose = named.attribute(&identity.name, "name", "");
        let policies = logical_names(identity.inline.iter().map(|(name, _)| name.as_str()), "_");
        for ((policy_name, document), its) in identity.inline.iter().zip(policies) {
            let document = literal(&document.to_string());
            let arguments = json!({ "name": literal(policy_name), member: whose, "policy": document });
            add(policy, format!("{name}_{its}"), arguments);
        }
        for (index, arn) in identity.attached.iter().enumerate() {
            let arguments = json!({ member: whose, "policy_arn": literal(arn) });
            add(attachment, format!("{name}_{}", index + 1), arguments);
        }
    }
    let buckets = Named::new("aws_s3_bucket", all.buckets.iter().copied());
    for (bucket, name) in &buckets.names {
        add("aws_s3_bucket", name.clone(), json!({ "bucket": literal(bucket) }));
    }
    let functions = Named::new("aws_lambda_function", all.functions.iter().map(|(f, _)| f.name.as_str()));
    for ((function, role), (_, name)) in all.functions.iter().zip(&functions.names) {
        let mut arguments = Map::new();
        let mut set = |name: &str, value: Value| drop(arguments.insert(name.to_owned(), value));
        set("function_name", json!(literal(&function.name)));
        set("role", roles.attribute(role, "arn", function.role.as_deref().unwrap_or_default()));
        set("runtime", json!("nodejs22.x"));
        set("handler", json!("index.handler"));
        // Your own code, beside the configuration.
        set("filename", json!("function.zip"));
        set("timeout", json!(function.timeout));
        if let Some(concurrency) = function.concurrency {
            set("reserved_concurrent_executions", json!(concurrency));
        }
        add("aws_lambda_function", name.clone(), Value::Object(arguments));
    }
    for (index, mapping) in all.mappings.iter().enumerate() {
        let mut arguments = Map::new();
        for (name, value) in &mapping.parameters {
            let (name, value) = match name.as_str() {
                "EventSourceArn" => {
                    let arn = mapping.stream.as_deref().and_then(&stream_arn);
                    let otherwise = value.as_str().unwrap_or_default();
                    ("event_source_arn".to_owned(), json!(arn.unwrap_or_else(|| literal(otherwise))))
                }
                "FilterCriteria" => {
                    let filters = value["Filters"].as_array().into_iter().flatten();
                    let filters: Vec<Value> = filters
                        .map(|f| json!({ "pattern": literal(f["Pattern"].as_str().unwrap_or_default()) }))
                        .collect();
                    ("filter_criteria".to_owned(), json!({ "filter": filters }))
                }
                "DestinationConfig" => {
                    let arn = literal(value["OnFailure"]["Destination"].as_str().unwrap_or_default());
                    let destination = json!({ "on_failure": { "destination_arn": arn } });
                    ("destination_config".to_owned(), destination)
                }
                _ => (crate::names::hyphenated(name).replace('-', "_"), value.clone()),
            };
            arguments.insert(name, value);
        }
        let function = functions.attribute(&mapping.function, "arn", &mapping.function);
        arguments.insert("function_name".to_owned(), function);
        add("aws_lambda_event_source_mapping", format!("mapping_{}", index + 1), Value::Object(arguments));
    }
    let delivery_names = all.deliveries.iter().map(|delivery| delivery.spec.name.as_str());
    let deliveries = Named::new("aws_kinesis_firehose_delivery_stream", delivery_names);
    for (Delivery { spec, role, stream }, (_, name)) in all.deliveries.iter().zip(&deliveries.names) {
        let role = roles.attribute(role, "arn", spec.role.as_deref().unwrap_or_default());
        let mut destination = Map::new();
        let mut set = |name: &str, value: Value| drop(destination.insert(name.to_owned(), value));
        set("role_arn", role.clone());
        set("bucket_arn", buckets.attribute(&spec.bucket, "arn", &format!("arn:aws:s3:::{}", spec.bucket)));
        for (name, value) in [("prefix", &spec.prefix), ("error_output_prefix", &spec.error_output_prefix)] {
            if !value.is_empty() {
                set(name, json!(literal(value)));
            }
        }
        set("buffering_size", json!(spec.size_in_mbs));
        set("buffering_interval", json!(spec.interval_in_seconds));
        if spec.compression_format != CompressionFormat::Uncompressed {
            set("compression_format", json!(spec.compression_format.name()));
        }
        if let (Some(format), Some((database, table))) = (spec.output_format, table_of(spec)) {
            let serializer = match format {
                OutputFormat::Parquet => "parquet_ser_de",
                OutputFormat::Orc => "orc_ser_de",
            };
            let schema = json!({
                "role_arn": role,
                "database_name": literal(database),
                "table_name": literal(table),
            });
            set(
                "data_format_conversion_configuration",
                json!({
                    "schema_configuration": schema,
                    "input_format_configuration": { "deserializer": { "open_x_json_ser_de": {} } },
                    "output_format_configuration": { "serializer": { serializer: {} } },
                }),
            );
        }
        let mut arguments = json!({
            "name": literal(&spec.name),
            "destination": "extended_s3",
            "extended_s3_configuration": destination,
        });
        if let Some(stream) = stream {
            let source = stream_arn(stream)
                .unwrap_or_else(|| literal(spec.kinesis_stream_arn.as_deref().unwrap_or_default()));
            arguments["kinesis_source_configuration"] =
                json!({ "kinesis_stream_arn": source, "role_arn": role });
        }
        add("aws_kinesis_firehose_delivery_stream", name.clone(), arguments);
    }
    let alarms = logical_names(all.alarms.iter().map(|spec| spec.name.as_str()), "_");
    for (spec, name) in all.alarms.iter().zip(alarms) {
        let mut arguments = Map::new();
        for (name, value) in alarm_parameters(spec) {
            let (name, value) = match (name.as_str(), value) {
                ("Dimensions", _) => {
                    let pairs = spec.metric.dimensions.iter();
                    let pairs: Map<String, Value> =
                        pairs.map(|(name, value)| (literal(name), json!(literal(value)))).collect();
                    ("dimensions".to_owned(), Value::Object(pairs))
                }
                (_, Value::String(text)) => {
                    (crate::names::hyphenated(&name).replace('-', "_"), json!(literal(&text)))
                }
                (_, value) => (crate::names::hyphenated(&name).replace('-', "_"), value),
            };
            arguments.insert(name, value);
        }
        add("aws_cloudwatch_metric_alarm", name, Value::Object(arguments));
    }
    resources
}

/// The expression for a key's ARN, where the key is one of the configuration.
pub(super) fn key_arn(all: &Neighbours<'_>, alias: &str) -> Option<Value> {
    let keys = Named::new("aws_kms_key", all.keys.iter().map(String::as_str));
    keys.names.iter().any(|(own, _)| own == alias).then(|| keys.attribute(alias, "arn", ""))
}
