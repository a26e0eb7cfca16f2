//! The neighbours' commands, to make them and to take them away.

use serde_json::{Map, Value};

use super::Script;
use crate::export::neighbours::{
    Delivery, Identity, Mapping, Neighbours, alarm_parameters, destination_parameters,
};
use crate::names::hyphenated;
use crate::words::quote;

/// What is there before the streams are: who may do what, keys and buckets.
pub(super) fn make_before(script: &mut Script, all: &Neighbours<'_>) {
    for alias in &all.keys {
        script.remark_in("A key of your own, by its alias.");
        script.line("  key=$(aws kms create-key --query KeyMetadata.KeyId --output text)");
        script.line(&format!(
            "  aws kms create-alias --alias-name {} --target-key-id \"$key\"",
            quote(&format!("alias/{alias}"))
        ));
    }
    for identity in &all.identities {
        make_identity(script, identity);
    }
    for bucket in &all.buckets {
        script.line(&format!("  aws s3 mb {}", quote(&format!("s3://{bucket}"))));
    }
}

fn make_identity(script: &mut Script, identity: &Identity) {
    let name = quote(&identity.name);
    let kind = if identity.is_role { "role" } else { "user" };
    let trust = match identity.is_role {
        true => format!(" --assume-role-policy-document {}", quote(&identity.trust.to_string())),
        false => String::new(),
    };
    script.line(&format!("  aws iam create-{kind} --{kind}-name {name}{trust}"));
    for (policy, document) in &identity.inline {
        script.line(&format!(
            "  aws iam put-{kind}-policy --{kind}-name {name} --policy-name {} --policy-document {}",
            quote(policy),
            quote(&document.to_string())
        ));
    }
    for arn in &identity.attached {
        script.line(&format!(
            "  aws iam attach-{kind}-policy --{kind}-name {name} --policy-arn {}",
            quote(arn)
        ));
    }
}

/// What reads the streams, once they are there.
pub(super) fn make_after(script: &mut Script, all: &Neighbours<'_>) {
    if !all.functions.is_empty() || !all.deliveries.is_empty() {
        script.line("  account=$(aws sts get-caller-identity --query Account --output text)");
        script.remark_in("A role that was just made is known everywhere some seconds later.");
        script.line("  sleep 15");
    }
    if !all.functions.is_empty() {
        script.remark_in("Put your own code here; this one prints what it gets.");
        script.line("  folder=$(mktemp -d)");
        script.line(
            "  echo 'export const handler = async (event) => console.log(JSON.stringify(event));' > \"$folder/index.mjs\"",
        );
        script.line("  (cd \"$folder\" && zip -q function.zip index.mjs)");
    }
    for (function, role) in &all.functions {
        let name = quote(&function.name);
        script.line(&format!(
            "  aws lambda create-function --function-name {name} --runtime nodejs22.x --handler index.handler --timeout {} \
             --role \"arn:aws:iam::$account:role/\"{} --zip-file \"fileb://$folder/function.zip\"",
            function.timeout,
            quote(role)
        ));
        script.line(&format!("  aws lambda wait function-active-v2 --function-name {name}"));
        if let Some(concurrency) = function.concurrency {
            script.line(&format!(
                "  aws lambda put-function-concurrency --function-name {name} --reserved-concurrent-executions {concurrency}"
            ));
        }
    }
    for mapping in &all.mappings {
        make_mapping(script, mapping);
    }
    for Delivery { spec, role, .. } in &all.deliveries {
        let arn = format!("arn:aws:iam::$account:role/{role}");
        let source = match spec.kinesis_stream_arn.as_deref() {
            None => "DirectPut".to_owned(),
            Some(stream) => format!(
                "KinesisStreamAsSource --kinesis-stream-source-configuration \"KinesisStreamARN={},RoleARN={arn}\"",
                of_own_account(stream)
            ),
        };
        script.line(&format!(
            "  aws firehose create-delivery-stream --delivery-stream-name {} --delivery-stream-type {source} \
             --extended-s3-destination-configuration \"{}\"",
            quote(&spec.name),
            double_quoted(&destination(spec, &arn))
        ));
    }
    for spec in &all.alarms {
        script.line(&format!("  aws cloudwatch put-metric-alarm{}", options(&alarm_parameters(spec))));
    }
}

fn make_mapping(script: &mut Script, mapping: &Mapping) {
    let mut parameters = mapping.parameters.clone();
    let source = parameters.shift_remove("EventSourceArn");
    let source = source.as_ref().and_then(Value::as_str).unwrap_or_default();
    script.line(&format!(
        "  aws lambda create-event-source-mapping --function-name {} --event-source-arn \"{}\"{}",
        quote(&mapping.function),
        of_own_account(source),
        options(&parameters)
    ));
}

/// The destination of a Firehose stream, as JSON.
fn destination(spec: &sim::DeliveryStreamSpec, role: &str) -> String {
    let mut members = Map::new();
    members.insert("RoleARN".to_owned(), Value::from(role));
    members.insert("BucketARN".to_owned(), Value::from(format!("arn:aws:s3:::{}", spec.bucket)));
    members.extend(destination_parameters(spec, &Value::from(role)));
    Value::Object(members).to_string()
}

/// Inside double quotes, where `$account` alone is to be put in.
fn double_quoted(text: &str) -> String {
    let text = text.replace('\\', "\\\\").replace('"', "\\\"").replace('`', "\\`");
    text.replace('$', "\\$").replace("\\$account", "$account")
}

/// An ARN with the account of whoever runs the script.
fn of_own_account(arn: &str) -> String {
    let mut parts: Vec<&str> = arn.splitn(6, ':').collect();
    if let Some(account) = parts.get_mut(4) {
        *account = "$account";
    }
    double_quoted(&parts.join(":"))
}

/// Parameters as options.
fn options(parameters: &Map<String, Value>) -> String {
    let mut text = String::new();
    for (name, value) in parameters {
        let name = hyphenated(name);
        let option = match value {
            Value::Bool(true) => format!(" --{name}"),
            Value::Bool(false) => format!(" --no-{name}"),
            Value::String(value) => format!(" --{name} {}", quote(value)),
            Value::Array(items) if items.iter().all(Value::is_string) => {
                let items: Vec<String> =
                    items.iter().filter_map(Value::as_str).map(|item| quote(item).into_owned()).collect();
                format!(" --{name} {}", items.join(" "))
            }
            value => format!(" --{name} {}", quote(&value.to_string())),
        };
        text.push_str(&option);
    }
    text
}

/// Takes them away again; what reads goes before what it reads.
pub(super) fn remove_before(script: &mut Script, all: &Neighbours<'_>) {
    for spec in &all.alarms {
        script.line(&format!("  aws cloudwatch delete-alarms --alarm-names {}", quote(&spec.name)));
    }
    for Delivery { spec, .. } in &all.deliveries {
        script.line(&format!(
            "  aws firehose delete-delivery-stream --delivery-stream-name {}",
            quote(&spec.name)
        ));
    }
    for (function, _) in &all.functions {
        let name = quote(&function.name);
        script.remark_in("A mapping is not deleted with its function.");
        script.line(&format!(
            "  for uuid in $(aws lambda list-event-source-mappings --function-name {name} --query 'EventSourceMappings[].UUID' \
             --output text); do"
        ));
        script.line("    aws lambda delete-event-source-mapping --uuid \"$uuid\"");
        script.line("  done");
        script.line(&format!("  aws lambda delete-function --function-name {name}"));
    }
}

pub(super) fn remove_after(script: &mut Script, all: &Neighbours<'_>) {
    for bucket in &all.buckets {
        script.remark_in("With everything in it: this cannot be undone.");
        script.line(&format!("  aws s3 rb {} --force", quote(&format!("s3://{bucket}"))));
    }
    for identity in &all.identities {
        let name = quote(&identity.name);
        let kind = if identity.is_role { "role" } else { "user" };
        for arn in &identity.attached {
            script.line(&format!(
                "  aws iam detach-{kind}-policy --{kind}-name {name} --policy-arn {}",
                quote(arn)
            ));
        }
        for (policy, _) in &identity.inline {
            script.line(&format!(
                "  aws iam delete-{kind}-policy --{kind}-name {name} --policy-name {}",
                quote(policy)
            ));
        }
        script.line(&format!("  aws iam delete-{kind} --{kind}-name {name}"));
    }
    for alias in &all.keys {
        let alias = quote(&format!("alias/{alias}")).into_owned();
        script.line(&format!(
            "  key=$(aws kms describe-key --key-id {alias} --query KeyMetadata.KeyId --output text)"
        ));
        script.line(&format!("  aws kms delete-alias --alias-name {alias}"));
        script.line("  aws kms schedule-key-deletion --key-id \"$key\" --pending-window-in-days 7");
    }
}
