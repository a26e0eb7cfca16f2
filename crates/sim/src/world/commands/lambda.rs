//! Commands to AWS Lambda: declared functions and event source mappings.

use kinesis::Duration;

use super::constraints::{Constraints, is_role_arn};
use crate::actor::{Input, Program};
use crate::actors::lambda::{EventSourceMapping, MappingPlace, MappingState};
use crate::actors::managed::Managed;
use crate::dice::Dice;
use crate::history::Refusal;
use crate::neighbours::function::Function;
use crate::neighbours::pattern::Pattern;
use crate::neighbours::uuid;
use crate::world::World;
use crate::{
    ActorId, CallerSpec, Cause, Fact, FunctionChange, FunctionSpec, LambdaCommand, MappingSpec, Outcome,
    Standing, StartingPosition,
};

/// Functions of one world.
const FUNCTIONS_MAX: usize = 100;
/// Documented: Lambda quotas, filters of an event source mapping; ten on request.
const FILTERS_MAX: usize = 5;
/// Number that sets the dice of identifiers apart from those of actors.
const UUID_DICE: u64 = 0x7575_6964;

impl World {
    pub(super) fn change_lambda(
        &mut self,
        cause: Cause,
        command: &LambdaCommand,
    ) -> Result<Outcome, Refusal> {
        match command {
            LambdaCommand::CreateFunction(spec) => self.create_function(cause, spec),
            LambdaCommand::UpdateFunction(spec) => {
                self.check_function(spec)?;
                let Some(function) = self.functions.get_mut(&spec.name) else {
                    return Err(self.no_function(&spec.name));
                };
                function.spec = spec.clone();
                self.take_role(&spec.name, spec.role.as_deref());
                self.function_changed(cause, &spec.name, FunctionChange::Updated)
            }
            // Documented: deleting a function leaves its event source mappings where they are.
            LambdaCommand::DeleteFunction { function } => match self.functions.remove(function) {
                Some(_) => self.function_changed(cause, function, FunctionChange::Deleted),
                None => Err(self.no_function(function)),
            },
            LambdaCommand::CreateEventSourceMapping(spec) => self.create_mapping(spec),
            LambdaCommand::UpdateEventSourceMapping { uuid, change } => {
                let (id, mapping) = self.changeable_mapping(uuid)?;
                let spec = mapping.changed(change);
                let patterns = check_mapping(&spec)?;
                self.check_mapping_place(&spec, Some(uuid))?;
                self.change_mapping(id, |mapping, ctx| mapping.change(ctx, spec, patterns));
                Ok(Outcome::Done)
            }
            LambdaCommand::DeleteEventSourceMapping { uuid } => {
                let (id, _) = self.changeable_mapping(uuid)?;
                self.change_mapping(id, EventSourceMapping::delete_now);
                Ok(Outcome::Done)
            }
        }
    }

    fn create_function(&mut self, cause: Cause, spec: &FunctionSpec) -> Result<Outcome, Refusal> {
        self.check_function(spec)?;
        if self.functions.contains_key(&spec.name) {
            let message = format!("Function already exist: {}", spec.name);
            return Err(Refusal::of_service("ResourceConflictException", message));
        }
        if self.functions.len() >= FUNCTIONS_MAX {
            return Err(Refusal::new(format!("this sandbox keeps at most {FUNCTIONS_MAX} functions")));
        }
        self.functions.insert(spec.name.clone(), Function::new(spec.clone(), self.now));
        self.take_role(&spec.name, spec.role.as_deref());
        self.function_changed(cause, &spec.name, FunctionChange::Created)
    }

    /// Lets a service call as the role of this ARN from now on.
    pub(super) fn take_role(&mut self, program: &str, arn: Option<&str>) {
        if let Some(role) = arn.and_then(|arn| arn.rsplit('/').next()) {
            self.stand(program, &Standing { role: Some(role.to_owned()), ..Standing::default() });
        }
    }

    fn function_changed(
        &mut self,
        cause: Cause,
        function: &str,
        change: FunctionChange,
    ) -> Result<Outcome, Refusal> {
        self.record(cause, vec![Fact::FunctionChanged { function: function.to_owned(), change }]);
        Ok(Outcome::Done)
    }

    fn check_function(&self, spec: &FunctionSpec) -> Result<(), Refusal> {
        let is_name_byte = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
        let mut constraints = Constraints::default();
        constraints.length("functionName", &spec.name, 1, 64);
        let fits = spec.name.bytes().all(is_name_byte);
        constraints.pattern("functionName", &spec.name, "[a-zA-Z0-9-_]+", fits);
        constraints.range("timeout", spec.timeout, 1, 900);
        if let Some(role) = &spec.role {
            let pattern = "arn:(aws[a-zA-Z-]*)?:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+";
            constraints.pattern("role", role, pattern, is_role_arn(role));
        }
        constraints.check()?;
        let longest = Duration::from_seconds(900);
        if spec.takes > longest || spec.per_record > longest {
            return Err(Refusal::new("an invocation takes at most 15 minutes, and so does a record"));
        }
        if spec.concurrency.is_some_and(|concurrency| concurrency > 1_000) {
            return Err(Refusal::new("the account has 1,000 concurrent executions"));
        }
        if spec.sum.is_some() && spec.count_by.is_none() {
            return Err(Refusal::new("what is summed needs a key: say also by what it is counted"));
        }
        Ok(())
    }

    /// Observed: the sentence ends with the function's ARN.
    fn no_function(&self, name: &str) -> Refusal {
        let message = format!("Function not found: {}{name}", self.function_arn_prefix());
        Refusal::of_service("ResourceNotFoundException", message)
    }

    pub(in crate::world) fn function_arn_prefix(&self) -> String {
        format!("arn:aws:lambda:{}:{}:function:", self.service.region(), self.service.account())
    }

    fn create_mapping(&mut self, spec: &MappingSpec) -> Result<Outcome, Refusal> {
        let patterns = check_mapping(spec)?;
        match spec.starting_position {
            StartingPosition::AtTimestamp(at) if at > self.now => {
                // Assumed: the words; the API page says that the time cannot be in the future.
                return Err(invalid("StartingPositionTimestamp cannot be in the future."));
            }
            StartingPosition::TrimHorizon | StartingPosition::Latest | StartingPosition::AtTimestamp(_) => {}
        }
        let stream = self.check_mapping_place(spec, None)?;
        self.check_execution_role(spec)?;
        self.check_room(1)?;
        let mut dice = Dice::new(self.seed, UUID_DICE, self.actors.len() as u64);
        let function_role =
            self.functions.get(&spec.function).and_then(|function| function.spec.role.clone());
        let place = MappingPlace {
            uuid: uuid(&mut dice),
            stream_arn: spec.event_source_arn.split("/consumer/").next().unwrap_or_default().to_owned(),
            stream,
            function_arn: self.function_arn_prefix(),
            role: function_role.unwrap_or_else(|| self.default_role(&spec.function)),
            region: self.service.region().to_owned(),
            patterns,
        };
        let mapping = EventSourceMapping::new(spec.clone(), place, self.now);
        self.start(Program::Managed(Managed::Mapping(Box::new(mapping))))
    }

    /// Lambda makes no mapping for a role that may not read the stream.
    ///
    /// Observed: the sentence, as many users report it. Simplified: ListStreams, which it names, is not asked for, as
    /// Lambda does not call it; a mapping to a registered consumer is not checked.
    fn check_execution_role(&self, spec: &MappingSpec) -> Result<(), Refusal> {
        let role = self.functions.get(&spec.function).and_then(|function| function.spec.role.as_ref());
        let arn = &spec.event_source_arn;
        let Some(role) = role.filter(|_| !arn.contains("/consumer/")) else { return Ok(()) };
        let caller = CallerSpec { principal: Some(role.clone()), is_through_endpoint: false };
        let needed = ["GetRecords", "GetShardIterator", "DescribeStream"];
        let may = |action: &&str| self.check_right(&caller, &format!("kinesis:{action}"), arn).is_ok();
        if needed.iter().all(may) {
            return Ok(());
        }
        Err(invalid(format!(
            "Cannot access stream {arn}. Please ensure the role can perform the GetRecords, GetShardIterator, \
             DescribeStream, and ListStreams Actions on your stream in IAM."
        )))
    }

    /// The role that the console would make for a function.
    pub fn default_role(&self, function: &str) -> String {
        format!("arn:aws:iam::{}:role/service-role/{function}-role", self.service.account())
    }

    /// Whether function, stream, consumer and destination of a mapping are there; the stream's name.
    fn check_mapping_place(
        &self,
        spec: &MappingSpec,
        itself: Option<&str>,
    ) -> Result<kinesis::StreamName, Refusal> {
        if !self.functions.contains_key(&spec.function) {
            return Err(self.no_function(&spec.function));
        }
        let arn = &spec.event_source_arn;
        let prefix = format!("arn:aws:kinesis:{}:{}:stream/", self.service.region(), self.service.account());
        // Observed: LocalStack's tests against AWS.
        let Some(name) = arn.strip_prefix(&prefix) else { return Err(invalid("Unrecognized event source.")) };
        let name = name.split("/consumer/").next().unwrap_or_default();
        // Observed: "Stream not found" with the ARN, as users report it.
        let Some(stream) = self.service.stream(name) else {
            return Err(invalid(format!("Stream not found: {arn}")));
        };
        if arn.contains("/consumer/") && self.consumer(arn).is_none() {
            // Assumed: the words.
            return Err(invalid(format!("Consumer not found: {arn}")));
        }
        let twin = self.mappings().find(|(_, mapping)| {
            mapping.spec.event_source_arn == *arn
                && mapping.spec.function == spec.function
                && Some(mapping.uuid.as_str()) != itself
        });
        if let Some((_, twin)) = twin {
            return Err(Refusal::of_service(
                "ResourceConflictException",
                format!(
                    "The event source arn (\" {arn} \") and function (\" {} \") provided mapping already exists. Please \
                     update or delete the existing mapping with UUID {}",
                    spec.function, twin.uuid
                ),
            ));
        }
        Ok(stream.name.clone())
    }

    fn consumer(&self, arn: &str) -> Option<()> {
        let (region, account) = (self.service.region(), self.service.account());
        let mut consumers = self.service.streams().flat_map(|stream| {
            let stream_arn = stream.arn(region, account);
            let arn = move |consumer: &kinesis::Consumer| {
                format!("{stream_arn}/consumer/{}:{}", consumer.name, consumer.created.seconds())
            };
            stream.consumers.values().map(arn)
        });
        consumers.any(|known| known == arn).then_some(())
    }

    fn changeable_mapping(&self, uuid: &str) -> Result<(ActorId, &EventSourceMapping), Refusal> {
        let Some((id, mapping)) = self.mappings().find(|(_, mapping)| mapping.uuid == uuid) else {
            // Observed: the sentence as Lambda sends it.
            return Err(Refusal::of_service(
                "ResourceNotFoundException",
                "The resource you requested does not exist.",
            ));
        };
        match mapping.state {
            MappingState::Enabled | MappingState::Disabled => Ok((id, mapping)),
            MappingState::Creating
            | MappingState::Enabling
            | MappingState::Disabling
            | MappingState::Updating
            | MappingState::Deleting
            | MappingState::Deleted => Err(Refusal::of_service(
                // Observed: the sentence as Lambda sends it.
                "ResourceInUseException",
                "Cannot update the event source mapping because it is in use.",
            )),
        }
    }

    fn change_mapping(
        &mut self,
        id: ActorId,
        change: impl FnOnce(&mut EventSourceMapping, &mut crate::actor::ActorCtx),
    ) {
        self.with_actor(id, |actor, ctx| {
            if let Program::Managed(Managed::Mapping(mapping)) = &mut actor.program {
                change(mapping, ctx);
            }
            actor.handle(ctx, Input::Wake);
        });
    }

    /// Event source mappings that are not gone, in the order in which they were made.
    pub fn mappings(&self) -> impl Iterator<Item = (ActorId, &EventSourceMapping)> {
        let mappings = self.managed().filter_map(|(id, service)| match service {
            Managed::Mapping(mapping) => Some((id, &**mapping)),
            Managed::Firehose(_) | Managed::Flink(_) | Managed::Dms(_) => None,
        });
        mappings.filter(|(_, mapping)| !mapping.has_ended())
    }

    /// The event source mapping of this UUID.
    pub fn mapping(&self, uuid: &str) -> Option<&EventSourceMapping> {
        self.mappings().find(|(_, mapping)| mapping.uuid == uuid).map(|(_, mapping)| mapping)
    }
}

fn invalid(message: impl Into<String>) -> Refusal {
    Refusal::of_service("InvalidParameterValueException", message)
}

/// Documented: ranges of CreateEventSourceMapping in the Lambda API Reference.
fn check_mapping(spec: &MappingSpec) -> Result<Vec<Pattern>, Refusal> {
    let mut constraints = Constraints::default();
    constraints.range("batchSize", spec.batch_size, 1, 10_000);
    let window = spec.maximum_batching_window_in_seconds;
    constraints.range("maximumBatchingWindowInSeconds", window, 0, 300);
    constraints.range("parallelizationFactor", spec.parallelization_factor, 1, 10);
    constraints.range("maximumRecordAgeInSeconds", spec.maximum_record_age_in_seconds, -1, 604_800);
    constraints.range("maximumRetryAttempts", spec.maximum_retry_attempts, -1, 10_000);
    constraints.range("tumblingWindowInSeconds", spec.tumbling_window_in_seconds, 0, 900);
    for filter in &spec.filters {
        constraints.length("filterCriteria.filters.1.member.pattern", filter, 0, Pattern::BYTES_MAX);
    }
    if let Some(destination) = &spec.on_failure {
        constraints.length("destinationConfig.onFailure.destination", destination, 0, 350);
    }
    constraints.check()?;
    if (0..60).contains(&spec.maximum_record_age_in_seconds) {
        // Assumed: the words; the API page says that the least age is 60 seconds.
        return Err(invalid("MaximumRecordAgeInSeconds must be -1 or between 60 and 604800."));
    }
    if spec.filters.len() > FILTERS_MAX {
        // Assumed: the words.
        return Err(invalid(format!("FilterCriteria can have at most {FILTERS_MAX} filters.")));
    }
    if let Some(destination) = &spec.on_failure {
        let is_known = ["arn:aws:sqs:", "arn:aws:sns:", "arn:aws:s3:::"]
            .iter()
            .any(|prefix| destination.strip_prefix(prefix).is_some_and(|rest| !rest.is_empty()));
        if !is_known {
            // Assumed: the words. Kafka topics are not simulated.
            return Err(invalid(format!("The destination ARN {destination} is invalid.")));
        }
    }
    // Observed: the sentence as Lambda sends it.
    let patterns = spec.filters.iter().map(|filter| Pattern::parse(filter)).collect::<Option<Vec<_>>>();
    patterns.ok_or_else(|| invalid("Invalid filter pattern definition."))
}
