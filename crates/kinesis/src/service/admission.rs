//! What every call passes after its members were checked and before anything else: authorization, then the rate of
//! calls.
//!
//! Observed: a user's log shows a denied call for a stream that is not there. Assumed: members are checked before.

use crate::authorization::{authorize, authorize_key};
use crate::call_rates::{RateScope, call_rate};
use crate::consumer::ConsumerArn;
use crate::keys::{MANAGED_KEY, short_id};
use crate::policy::{Context, Query};
use crate::{ApiError, CallContext, Caller, Operation, Quota, Service, Tags, Via};

/// What a call is about, as its members name it.
#[derive(Clone, Copy)]
pub(crate) enum Target<'a> {
    /// The account as a whole.
    Account,
    /// A stream, by name or by ARN.
    Stream(Option<&'a str>, Option<&'a str>),
    /// A stream or a consumer, by its ARN.
    Arn(&'a str),
    Consumer(ConsumerArn<'a>),
    /// A stream of the service's own account that a token names.
    Named(&'a str),
}

/// A target, looked up.
struct Place<'a> {
    /// The account that the resource belongs to.
    owner: &'a str,
    stream: &'a str,
    consumer: Option<&'a str>,
    /// The ARN, where one was given.
    arn: Option<&'a str>,
    /// Whether it can be a resource of this service: of its account and Region.
    is_here: bool,
}

impl Service {
    /// Lets a call pass, or refuses it.
    pub(crate) fn admit(
        &mut self,
        ctx: &CallContext<'_>,
        operation: Operation,
        target: Target<'_>,
    ) -> Result<(), ApiError> {
        self.must_be_allowed(ctx, operation, target, &None)?;
        self.take_call(ctx, operation, target)
    }

    /// Counts a call of the control plane, or refuses it.
    ///
    /// Assumed: calls that were refused so far do not count, those that are refused later do; a call for a stream that
    /// is not there counts for the account alone.
    pub(crate) fn take_call(
        &mut self,
        ctx: &CallContext<'_>,
        operation: Operation,
        target: Target<'_>,
    ) -> Result<(), ApiError> {
        let Some(rate) = call_rate(operation) else { return Ok(()) };
        let place = self.place(ctx.caller, target)?;
        let stream = (place.stream != "*").then(|| place.stream.to_owned());
        let limit = rate.limit(self.limits.profile);
        let rates = match rate.scope {
            RateScope::Account => &mut self.call_rates,
            RateScope::Stream => match stream.as_deref().and_then(|name| self.streams.get_mut(name)) {
                Some(stream) => &mut stream.call_rates,
                None => return Ok(()),
            },
        };
        let quota = rates.or_insert_with(operation, || Quota::new(limit, limit, ctx.now));
        match quota.take(1, ctx.now) {
            true => Ok(()),
            false => Err(ApiError::call_rate(stream.as_deref(), &self.account)),
        }
    }

    /// Refuses where the caller may not do this there.
    pub(crate) fn must_be_allowed(
        &self,
        ctx: &CallContext<'_>,
        operation: Operation,
        target: Target<'_>,
        tags: &Option<Tags>,
    ) -> Result<(), ApiError> {
        let place = self.place(ctx.caller, target)?;
        self.authorize(ctx.caller, operation, &place, tags)?;
        if place.owner != self.account && ctx.caller.account == place.owner {
            // The caller means something of its own account, which has nothing here.
            let means_the_account = place.stream == "*" || operation == Operation::CreateStream;
            return Err(match means_the_account {
                true => ApiError::not_simulated(&format!("Account {}", place.owner)),
                false => ApiError::stream_not_found(place.stream, place.owner),
            });
        }
        Ok(())
    }

    fn place<'a>(&'a self, caller: &'a Caller, target: Target<'a>) -> Result<Place<'a>, ApiError> {
        let of_caller = |stream| Place {
            owner: &caller.account,
            stream,
            consumer: None,
            arn: None,
            is_here: caller.account == self.account,
        };
        Ok(match target {
            Target::Account => of_caller("*"),
            Target::Named(stream) => Place { owner: &self.account, is_here: true, ..of_caller(stream) },
            Target::Stream(name, arn) => {
                let stream = self.name_of(name, arn)?;
                match arn {
                    None => of_caller(stream),
                    Some(arn) => self.place_of_arn(arn, stream),
                }
            }
            Target::Arn(arn) => match ConsumerArn::parse(arn) {
                Some(consumer) => self.place_of_consumer(consumer, Some(arn)),
                None => self.place_of_arn(arn, name_in(arn)),
            },
            Target::Consumer(consumer) => self.place_of_consumer(consumer, None),
        })
    }

    fn place_of_arn<'a>(&self, arn: &'a str, stream: &'a str) -> Place<'a> {
        let mut parts = arn.splitn(6, ':');
        let (region, owner) = (parts.nth(3).unwrap_or_default(), parts.next().unwrap_or_default());
        let is_here = region == self.region && owner == self.account;
        Place { owner, stream, consumer: None, arn: Some(arn), is_here }
    }

    fn place_of_consumer<'a>(&self, consumer: ConsumerArn<'a>, arn: Option<&'a str>) -> Place<'a> {
        let of_stream = self.place_of_arn(consumer.stream, name_in(consumer.stream));
        Place { consumer: Some(consumer.name), arn, ..of_stream }
    }

    fn authorize(
        &self,
        caller: &Caller,
        operation: Operation,
        place: &Place<'_>,
        tags: &Option<Tags>,
    ) -> Result<(), ApiError> {
        let stream = self.streams.get(place.stream).filter(|_| place.is_here);
        let policy = stream.and_then(|stream| stream.policy_of(place.consumer));
        if caller.has_full_access() && caller.account == place.owner && policy.is_none() {
            return Ok(());
        }
        let mut context = self.context(caller, place);
        if let Some(tags) = tags {
            tags.iter().for_each(|(key, value)| context.set(&format!("aws:RequestTag/{key}"), value));
            context.set_all("aws:TagKeys", tags.keys().cloned().collect());
        }
        let resource = match (place.stream, place.consumer, place.arn) {
            ("*", ..) => "*".to_owned(),
            (_, _, Some(arn)) => arn.to_owned(),
            (stream, consumer, None) => {
                let arn = format!("arn:aws:kinesis:{}:{}:stream/{stream}", self.region, place.owner);
                match consumer {
                    None => arn,
                    Some(name) => self.consumer_arn(&arn, stream, name),
                }
            }
        };
        let action = format!("kinesis:{operation}");
        let query = Query { caller, action: &action, resource: &resource, context: &context };
        authorize(query, place.owner, policy).map_err(|denial| ApiError::access_denied(query, denial))
    }

    /// Refuses an action of another service of AWS (DynamoDB, CloudWatch) on a resource of the account that the caller's
    /// identity policies do not allow.
    pub fn must_allow(&self, caller: &Caller, action: &str, resource: &str) -> Result<(), ApiError> {
        let place = Place { owner: &self.account, stream: "*", consumer: None, arn: None, is_here: true };
        if caller.has_full_access() && caller.account == self.account {
            return Ok(());
        }
        let context = self.context(caller, &place);
        let query = Query { caller, action, resource, context: &context };
        authorize(query, &self.account, None).map_err(|denial| ApiError::access_denied(query, denial))
    }

    /// Assumed: of a consumer that is not there, the ARN without its time of creation.
    fn consumer_arn(&self, stream_arn: &str, stream: &str, name: &str) -> String {
        let consumer = self.streams.get(stream).and_then(|stream| stream.consumers.get(name));
        match consumer {
            Some(consumer) => consumer.describe(stream_arn).consumer_arn,
            None => format!("{stream_arn}/consumer/{name}"),
        }
    }

    /// What conditions can ask of a call.
    fn context(&self, caller: &Caller, place: &Place<'_>) -> Context {
        let mut context = Context::default();
        context.set("aws:PrincipalArn", caller.identity());
        context.set("aws:PrincipalAccount", &caller.account);
        let kind = match caller.principal.contains(":assumed-role/") {
            true => "AssumedRole",
            false if caller.is_root() => "Account",
            false => "User",
        };
        context.set("aws:PrincipalType", kind);
        context.set("aws:RequestedRegion", &self.region);
        context.set("aws:SecureTransport", "true");
        if let Via::VpcEndpoint { id } = &caller.via {
            context.set("aws:SourceVpce", id);
        }
        if place.stream != "*" {
            context.set("aws:ResourceAccount", place.owner);
        }
        if let Some(stream) = self.streams.get(place.stream).filter(|_| place.is_here) {
            let tags = match place.consumer {
                None => Some(&stream.tags),
                Some(name) => stream.consumers.get(name).map(|consumer| &consumer.tags),
            };
            for (key, value) in tags.into_iter().flatten() {
                context.set(&format!("aws:ResourceTag/{key}"), value);
            }
        }
        context
    }

    /// Lets a caller use a KMS key for the stream's records, or refuses as KMS would.
    ///
    /// Documented: producers need `kms:GenerateDataKey`, consumers `kms:Decrypt`, administrators `kms:DescribeKey`,
    /// and none of them for the key that AWS manages, which other accounts cannot use.
    /// Assumed: a change of a key counts at once, where AWS
    /// reuses a data key for about five minutes.
    pub(crate) fn must_use_key(
        &self,
        ctx: &CallContext<'_>,
        action: &str,
        key: &str,
        stream: &str,
    ) -> Result<(), ApiError> {
        let key_arn = match short_id(key) {
            short if key.starts_with("arn:") && short != key => key.to_owned(),
            alias if alias.starts_with("alias/") => {
                format!("arn:aws:kms:{}:{}:{alias}", self.region, self.account)
            }
            id => format!("arn:aws:kms:{}:{}:key/{id}", self.region, self.account),
        };
        let is_managed = short_id(key) == MANAGED_KEY;
        let is_own = ctx.caller.account == self.account;
        let key_policy = ctx.keys.policy(key).filter(|_| !is_managed);
        // The service calls KMS by itself: the endpoint that the caller's request passed has no say there.
        let caller = Caller { endpoint_policy: None, ..ctx.caller.clone() };
        if !(is_own && (is_managed || (caller.has_full_access() && key_policy.is_none()))) {
            let place = Place { owner: &self.account, stream: "*", consumer: None, arn: None, is_here: true };
            let mut context: Context = self.context(&caller, &place);
            let stream_arn = format!("arn:aws:kinesis:{}:{}:stream/{stream}", self.region, self.account);
            context.set("kms:EncryptionContext:aws:kinesis:arn", stream_arn);
            context.set_all("kms:EncryptionContextKeys", vec!["aws:kinesis:arn".to_owned()]);
            context.set("kms:ViaService", format!("kinesis.{}.amazonaws.com", self.region));
            let query = Query { caller: &caller, action, resource: &key_arn, context: &context };
            // The key's policy lets the caller's own account decide, unless the key is AWS's.
            let owner = if is_managed { self.account.as_str() } else { ctx.caller.account.as_str() };
            let decision = match key_policy {
                Some(policy) => authorize_key(query, policy),
                None => authorize(query, owner, None),
            };
            decision.map_err(|denial| ApiError::kms_access_denied(query, denial))?;
        }
        match ApiError::key_unusable(&key_arn, ctx.keys.state(key)) {
            Some(refused) => Err(refused),
            None => Ok(()),
        }
    }
}

/// The stream's name in an ARN; empty where there is none.
fn name_in(arn: &str) -> &str {
    arn.split_once(":stream/").map_or("", |(_, name)| name)
}

#[cfg(test)]
mod tests;
