//! The account around the streams: what they cost, who may do what, which way calls take, who called.

use sim::{Bill, EndpointService, Subnet, TrailEvent, TrailQuery, World};

use super::{Reader, reader};
use crate::check::{Args, Scene, Value};

pub(super) static READERS: &[Reader] = &[
    reader!("cost"."month"("S", "mode=", "at="), "the cost of a month of {0} at the present pace in dollars", |Scene { world, begun, .. }, args| {
        match args.named("at") {
            None => month(&world.bill(), args),
            Some("start") => begun.map_or(Value::Missing, |begun| month(&begun.bill, args)),
            Some(_) => Value::Missing,
        }
    }),
    reader!("iam"."allows"("R", "Action", "stream=", "table=", "key="), whether "role {0} may call {1}", |Scene { world, .. }, args| {
        Value::Bool(world.may(&role(args), args.second(), &resource(world, args)))
    }),
    reader!("iam"."wildcards"("R"), "the number of wildcards in the policies of role {0}", |Scene { world, .. }, args| {
        match world.knows_identity(&role(args)) {
            true => Value::count(world.wildcards_of(&role(args)) as u64),
            false => Value::Missing,
        }
    }),
    reader!("role"."of"("P"), "the role as which {0} calls", |Scene { world, .. }, args| {
        Value::text(world.standing(args.first()).role.unwrap_or("admin".to_owned()))
    }),
    reader!("net"."via"("P", "to="), "the way that calls of {0} take", |Scene { world, .. }, args| {
        match EndpointService::parse(args.named("to").unwrap_or("kinesis-streams")) {
            Some(service) => Value::text(way(world, args.first(), service)),
            None => Value::Missing,
        }
    }),
    reader!("net"."subnet"("P"), "the subnet that {0} stands in", |Scene { world, .. }, args| {
        Value::text(world.standing(args.first()).subnet.name())
    }),
    reader!("audit"."found"("Op"), whether "the trail shows a call of {0}", |Scene { world, .. }, args| {
        Value::Bool(event(world, args, |_| ()).is_some())
    }),
    reader!("audit"."principal"("Op"), "who called {0} last", |Scene { world, .. }, args| {
        event(world, args, |event| Value::text(event.username())).unwrap_or(Value::Missing)
    }),
    reader!("audit"."minute"("Op"), "the minute of the last call of {0}", |Scene { world, .. }, args| {
        event(world, args, |event| {
            let minutes = event.at.seconds() / 60 % (24 * 60);
            Value::text(format!("{:02}:{:02}", minutes / 60, minutes % 60))
        })
        .unwrap_or(Value::Missing)
    }),
];

/// Whole dollars, to the nearest; `all` is every stream together.
fn month(bill: &Bill, args: &Args) -> Value {
    let stream = bill.streams.iter().find(|stream| stream.stream == args.first());
    let nano_dollars = match (args.first(), args.named("mode"), stream) {
        ("all", None, _) => Some(bill.month_total),
        (_, None, Some(stream)) => Some(stream.month_total),
        (_, Some("PROVISIONED"), Some(stream)) => Some(stream.month_provisioned),
        (_, Some("ON_DEMAND"), Some(stream)) => Some(stream.month_on_demand),
        _ => None,
    };
    let dollars = nano_dollars.map(|amount| (amount + 500_000_000) / 1_000_000_000);
    dollars.map_or(Value::Missing, |dollars| Value::count(u64::try_from(dollars).unwrap_or(u64::MAX)))
}

fn role(args: &Args) -> String {
    format!("role/{}", args.first())
}

/// The ARN of what an action is asked for; `*` where nothing is named.
fn resource(world: &World, args: &Args) -> String {
    let service = world.service();
    let arn = |of: &str, kind: &str, name: &str| {
        format!("arn:aws:{of}:{}:{}:{kind}/{name}", service.region(), service.account())
    };
    match (args.named("stream"), args.named("table"), args.named("key")) {
        (Some(stream), ..) => arn("kinesis", "stream", stream),
        (_, Some(table), _) => arn("dynamodb", "table", table),
        (.., Some(key)) => arn("kms", "key", key),
        (None, None, None) => "*".to_owned(),
    }
}

fn way(world: &World, program: &str, service: EndpointService) -> &'static str {
    let has_endpoint = world.endpoints().any(|(known, _)| known == service);
    match (world.standing(program).subnet, has_endpoint) {
        (Subnet::Internet, _) | (Subnet::Public, false) => "internet",
        (Subnet::Public | Subnet::PrivateNat | Subnet::Private, true) => "vpce",
        (Subnet::PrivateNat, false) => "nat",
        (Subnet::Private, false) => "none",
    }
}

/// The newest event of that name that can be seen by now.
fn event<T>(world: &World, args: &Args, read: impl FnOnce(&TrailEvent) -> T) -> Option<T> {
    let query = TrailQuery { event_name: Some(args.first().to_owned()), ..TrailQuery::default() };
    world.trail_events(&query).first().map(|event| read(event))
}
