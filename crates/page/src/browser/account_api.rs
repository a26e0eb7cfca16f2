//! The JavaScript face of what an account has around its streams: metrics and alarms, the trail, the bill. It is worked
//! out when somebody asks, not in each picture.

use js_sys::Error;
use kinesis::Instant;
use serde_json::{Map, Value, json};
use sim::{Datapoint, MetricName, TrailQuery};
use wasm_bindgen::prelude::*;

use super::js_api::{JsSandbox, known_members, number_of, text_of, to_js};

const NANO_DOLLARS: f64 = 1e9;

#[wasm_bindgen(js_class = Sandbox)]
impl JsSandbox {
    /// The metrics of which CloudWatch has points.
    #[wasm_bindgen(unchecked_return_type = "Metric[]")]
    pub fn metrics(&self) -> Result<JsValue, Error> {
        let metrics = self.sandbox.world().metrics_list().into_iter();
        let metrics: Vec<Value> = metrics
            .map(|metric| {
                let MetricName { namespace, name, dimensions } = metric.name;
                let dimensions: Map<String, Value> =
                    dimensions.into_iter().map(|(name, value)| (name, Value::from(value))).collect();
                json!({ "namespace": namespace, "name": name, "dimensions": dimensions, "unit": metric.unit })
            })
            .collect();
        to_js(&metrics)
    }

    /// The points of one metric, oldest first: one for each period in which something was measured, as far as CloudWatch
    /// shows it by now. Throws an Error where the query is none.
    #[wasm_bindgen(unchecked_return_type = "MetricPoint[]")]
    pub fn metric(
        &self,
        #[wasm_bindgen(unchecked_param_type = "MetricQuery")] query: &JsValue,
    ) -> Result<JsValue, Error> {
        known_members(query, "MetricQuery", METRIC_QUERY_MEMBERS)?;
        let missing = |name: &str| Error::new(&format!("the MetricQuery needs a {name}"));
        let namespace = text_of(query, "namespace")?.ok_or_else(|| missing("namespace"))?;
        let name = text_of(query, "name")?.ok_or_else(|| missing("name"))?;
        let dimensions = dimensions_of(query)?;
        let dimensions: Vec<(&str, &str)> =
            dimensions.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let world = self.sandbox.world();
        let instant = |name: &str, default: Instant| {
            Ok::<_, Error>(number_of(query, name)?.map_or(default, Instant::from_millis))
        };
        let (from, to) = (instant("fromMs", Instant::default())?, instant("toMs", world.now())?);
        let minutes = number_of(query, "periodMinutes")?.unwrap_or(1);
        let minutes = u32::try_from(minutes).ok().filter(|minutes| (1..=1_440).contains(minutes));
        let minutes =
            minutes.ok_or_else(|| Error::new("periodMinutes must be a whole number from 1 to 1440"))?;
        let metric = MetricName::new(&namespace, &name, &dimensions);
        let points: Vec<Value> =
            world.metric_statistics(&metric, from, to, minutes).iter().map(point).collect();
        to_js(&points)
    }

    /// The alarms, by name.
    #[wasm_bindgen(unchecked_return_type = "AlarmView[]")]
    pub fn alarms(&self) -> Result<JsValue, Error> {
        let alarms = self.sandbox.world().alarms();
        let alarms: Vec<Value> = alarms
            .map(|alarm| {
                json!({
                    "name": alarm.spec.name,
                    "state": alarm.state.name(),
                    "sinceMs": alarm.since.millis(),
                    "reason": alarm.reason,
                    "namespace": alarm.spec.metric.namespace,
                    "metric": alarm.spec.metric.name,
                    "statistic": alarm.spec.statistic.name(),
                    "comparison": alarm.spec.comparison.name(),
                    "threshold": alarm.spec.threshold.to_string().parse::<f64>().unwrap_or_default(),
                })
            })
            .collect();
        to_js(&alarms)
    }

    /// Events of CloudTrail, newest first, as they stand in a log file: management events that can be looked up by now,
    /// or the data events that were recorded where those are switched on.
    #[wasm_bindgen(unchecked_return_type = "TrailEvent[]")]
    pub fn trail(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "TrailQuery")] query: &JsValue,
    ) -> Result<JsValue, Error> {
        let world = self.sandbox.world();
        let region = world.service().region();
        let mut wanted = TrailQuery::default();
        let mut is_data = false;
        if !query.is_undefined() && !query.is_null() {
            known_members(query, "TrailQuery", TRAIL_QUERY_MEMBERS)?;
            wanted.event_name = text_of(query, "eventName")?;
            wanted.resource_name = text_of(query, "resourceName")?;
            wanted.username = text_of(query, "username")?;
            wanted.from = number_of(query, "fromMs")?.map(Instant::from_millis);
            wanted.to = number_of(query, "toMs")?.map(Instant::from_millis);
            is_data = match text_of(query, "category")?.as_deref() {
                None | Some("Management") => false,
                Some("Data") => true,
                Some(_) => return Err(Error::new("category must be \"Management\" or \"Data\"")),
            };
        }
        let events = match is_data {
            true => world.trail_data_events().into_iter().filter(|event| wanted.admits(event)).collect(),
            false => world.trail_events(&wanted),
        };
        let events: Vec<Value> = events.iter().map(|event| event.to_json(region)).collect();
        to_js(&events)
    }

    /// What the account has cost so far, and what a month costs if everything stays as it is.
    #[wasm_bindgen(unchecked_return_type = "Bill")]
    pub fn cost(&self) -> Result<JsValue, Error> {
        let bill = self.sandbox.world().bill();
        let dollars = |amount: u128| Value::from(amount as f64 / NANO_DOLLARS);
        let lines = |lines: &[sim::BillLine]| -> Vec<Value> {
            let line = |line: &sim::BillLine| {
                json!({
                    "name": line.line.name(),
                    "quantity": line.quantity_milli as f64 / 1e3,
                    "dollars": dollars(line.amount),
                })
            };
            lines.iter().map(line).collect()
        };
        let stream = |stream: &sim::StreamBill| {
            json!({
                "stream": stream.stream,
                "mode": stream.mode.name(),
                "dollars": dollars(stream.total),
                "monthDollars": dollars(stream.month_total),
                "month": lines(&stream.month),
                "monthProvisionedDollars": dollars(stream.month_provisioned),
                "provisionedShards": stream.provisioned_shards,
                "monthOnDemandDollars": dollars(stream.month_on_demand),
            })
        };
        let last_change = bill.last_change.as_ref().map(|change| {
            json!({
                "atMs": change.at.millis(),
                "stream": change.stream,
                "monthBeforeDollars": dollars(change.before),
                "monthAfterDollars": dollars(change.after),
            })
        });
        to_js(&json!({
            "dollars": dollars(bill.total),
            "monthDollars": dollars(bill.month_total),
            "lines": lines(&bill.lines),
            "streams": bill.streams.iter().map(stream).collect::<Vec<_>>(),
            "lastChange": last_change,
        }))
    }
}

const METRIC_QUERY_MEMBERS: &[&str] = &["namespace", "name", "dimensions", "fromMs", "toMs", "periodMinutes"];
const TRAIL_QUERY_MEMBERS: &[&str] = &["eventName", "resourceName", "username", "fromMs", "toMs", "category"];

fn point(point: &Datapoint) -> Value {
    json!({
        "timestampMs": point.timestamp.millis(),
        "sampleCount": point.sample_count,
        "sum": point.sum,
        "minimum": point.minimum,
        "maximum": point.maximum,
        "average": point.sum as f64 / point.sample_count.max(1) as f64,
    })
}

/// An object of texts.
fn dimensions_of(query: &JsValue) -> Result<Vec<(String, String)>, Error> {
    let wrong = || Error::new("dimensions must be an object of strings");
    let value = js_sys::Reflect::get(query, &"dimensions".into()).unwrap_or(JsValue::UNDEFINED);
    if value.is_undefined() {
        return Ok(Vec::new());
    }
    let object = value.dyn_ref::<js_sys::Object>().ok_or_else(wrong)?;
    let pair = |entry: JsValue| {
        let entry = js_sys::Array::from(&entry);
        Some((entry.get(0).as_string()?, entry.get(1).as_string()?))
    };
    js_sys::Object::entries(object).iter().map(|entry| pair(entry).ok_or_else(wrong)).collect()
}
