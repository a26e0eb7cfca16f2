//! The neighbours' resources.
//!
//! Documented: the resource types AWS::IAM::Role and User, AWS::KMS::Key and Alias, AWS::S3::Bucket,
//! AWS::Lambda::Function and EventSourceMapping, AWS::KinesisFirehose::DeliveryStream and AWS::CloudWatch::Alarm of the
//! CloudFormation template reference.

use serde_json::{Map, Value, json};

use crate::export::logical_names;
use crate::export::neighbours::{Delivery, Identity, Neighbours, alarm_parameters, destination_parameters};

/// Logical names of one kind of thing, found by the thing's own name.
struct Named(Vec<(String, String)>);

impl Named {
    fn new<'a>(kind: &str, names: impl Iterator<Item = &'a str> + Clone) -> Named {
        let logical = logical_names(names.clone(), "").into_iter().map(|name| format!("{kind}{name}"));
        Named(names.map(str::to_owned).zip(logical).collect())
    }

    fn of(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(own, _)| own == name).map(|(_, logical)| logical.as_str())
    }

    /// The ARN, also where the thing is not one of the template's.
    fn arn(&self, name: &str, otherwise: &str) -> Value {
        self.of(name).map_or_else(|| json!(otherwise), |logical| json!({ "Fn::GetAtt": [logical, "Arn"] }))
    }
}

/// Adds them; `stream_name` gives the logical name of a stream of the template.
pub(super) fn add(
    resources: &mut Map<String, Value>,
    all: &Neighbours<'_>,
    stream_name: impl Fn(&str) -> Option<String>,
) {
    let mut add = |name: String, kind: &str, properties: Value| {
        resources.insert(name, json!({ "Type": kind, "Properties": properties }));
    };
    let keys = Named::new("Key", all.keys.iter().map(String::as_str));
    for (alias, name) in &keys.0 {
        add(name.clone(), "AWS::KMS::Key", json!({ "PendingWindowInDays": 7 }));
        let target = json!({ "Ref": name });
        let properties = json!({ "AliasName": format!("alias/{alias}"), "TargetKeyId": target });
        add(format!("{name}Alias"), "AWS::KMS::Alias", properties);
    }
    let roles = Named::new(
        "Role",
        all.identities.iter().filter(|identity| identity.is_role).map(|identity| identity.name.as_str()),
    );
    for (identity, (_, name)) in all.identities.iter().filter(|identity| identity.is_role).zip(&roles.0) {
        add(name.clone(), "AWS::IAM::Role", identity_properties(identity));
    }
    let users: Vec<&Identity> = all.identities.iter().filter(|identity| !identity.is_role).collect();
    let user_names = Named::new("User", users.iter().map(|identity| identity.name.as_str()));
    for (identity, (_, name)) in users.iter().zip(&user_names.0) {
        add(name.clone(), "AWS::IAM::User", identity_properties(identity));
    }
    let buckets = Named::new("Bucket", all.buckets.iter().copied());
    for (bucket, name) in &buckets.0 {
        add(name.clone(), "AWS::S3::Bucket", json!({ "BucketName": bucket }));
    }
    let functions = Named::new("Function", all.functions.iter().map(|(function, _)| function.name.as_str()));
    for ((function, role), (_, name)) in all.functions.iter().zip(&functions.0) {
        let mut properties = Map::new();
        let mut set = |name: &str, value: Value| drop(properties.insert(name.to_owned(), value));
        set("FunctionName", json!(function.name));
        set("Runtime", json!("nodejs22.x"));
        set("Handler", json!("index.handler"));
        set("Timeout", json!(function.timeout));
        let code = "exports.handler = async (event) => console.log(JSON.stringify(event)); // Your own code comes here.";
        set("Code", json!({ "ZipFile": code }));
        set("Role", roles.arn(role, function.role.as_deref().unwrap_or_default()));
        if let Some(concurrency) = function.concurrency {
            set("ReservedConcurrentExecutions", json!(concurrency));
        }
        add(name.clone(), "AWS::Lambda::Function", Value::Object(properties));
    }
    for (index, mapping) in all.mappings.iter().enumerate() {
        let mut properties = mapping.parameters.clone();
        if let Some(stream) = mapping.stream.as_deref().and_then(&stream_name) {
            properties.insert("EventSourceArn".to_owned(), json!({ "Fn::GetAtt": [stream, "Arn"] }));
        }
        let function = functions
            .of(&mapping.function)
            .map_or_else(|| json!(mapping.function), |name| json!({ "Ref": name }));
        properties.insert("FunctionName".to_owned(), function);
        add(format!("Mapping{}", index + 1), "AWS::Lambda::EventSourceMapping", Value::Object(properties));
    }
    let delivery_names = all.deliveries.iter().map(|delivery| delivery.spec.name.as_str());
    let deliveries = Named::new("Delivery", delivery_names);
    for (Delivery { spec, role, stream }, (_, name)) in all.deliveries.iter().zip(&deliveries.0) {
        let role = roles.arn(role, spec.role.as_deref().unwrap_or_default());
        let mut destination = destination_parameters(spec, &role);
        destination.insert("RoleARN".to_owned(), role.clone());
        let bucket = buckets.arn(&spec.bucket, &format!("arn:aws:s3:::{}", spec.bucket));
        destination.insert("BucketARN".to_owned(), bucket);
        let mut properties = json!({
            "DeliveryStreamName": spec.name,
            "DeliveryStreamType": "DirectPut",
            "ExtendedS3DestinationConfiguration": destination,
        });
        if let Some(stream) = stream {
            let source = stream_name(stream).map_or_else(
                || json!(spec.kinesis_stream_arn),
                |name| json!({ "Fn::GetAtt": [name, "Arn"] }),
            );
            properties["DeliveryStreamType"] = json!("KinesisStreamAsSource");
            properties["KinesisStreamSourceConfiguration"] =
                json!({ "KinesisStreamARN": source, "RoleARN": role });
        }
        add(name.clone(), "AWS::KinesisFirehose::DeliveryStream", properties);
    }
    let alarms = Named::new("Alarm", all.alarms.iter().map(|spec| spec.name.as_str()));
    for (spec, (_, name)) in all.alarms.iter().zip(&alarms.0) {
        add(name.clone(), "AWS::CloudWatch::Alarm", Value::Object(alarm_parameters(spec)));
    }
}

/// The logical name of a key's alias, where the key is one of the template's.
pub(super) fn alias_name(all: &Neighbours<'_>, alias: &str) -> Option<String> {
    let keys = Named::new("Key", all.keys.iter().map(String::as_str));
    keys.of(alias).map(|name| format!("{name}Alias"))
}

fn identity_properties(identity: &Identity) -> Value {
    let mut properties = Map::new();
    let mut set = |name: &str, value: Value| drop(properties.insert(name.to_owned(), value));
    match identity.is_role {
        true => {
            set("RoleName", json!(identity.name));
            set("AssumeRolePolicyDocument", identity.trust.clone());
        }
        false => set("UserName", json!(identity.name)),
    }
    if !identity.inline.is_empty() {
        let inline = identity.inline.iter();
        let inline: Vec<Value> = inline
            .map(|(name, document)| json!({ "PolicyName": name, "PolicyDocument": document }))
            .collect();
        set("Policies", json!(inline));
    }
    if !identity.attached.is_empty() {
        set("ManagedPolicyArns", json!(identity.attached));
    }
    Value::Object(properties)
}
