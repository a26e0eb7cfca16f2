//! Commands to applications of Managed Service for Apache Flink.

use kinesis::Duration;

use super::constraints::{Constraints, is_role_arn};
use crate::actor::{ActorCtx, Input, Program};
use crate::actors::flink::{FlinkApplication, FlinkStatus};
use crate::actors::managed::Managed;
use crate::history::Refusal;
use crate::world::World;
use crate::{ActorId, FlinkCommand, FlinkSpec, Outcome};

/// Flink applications of one world.
const APPLICATIONS_MAX: usize = 20;

impl World {
    pub(super) fn change_flink(&mut self, command: &FlinkCommand) -> Result<Outcome, Refusal> {
        let running: &[FlinkStatus] = &[FlinkStatus::Running];
        match command {
            FlinkCommand::Create(spec) => self.create_flink(spec),
            FlinkCommand::Stop { name } => self.act_on_flink(name, running, FlinkApplication::stop),
            FlinkCommand::Start { name } => {
                self.act_on_flink(name, &[FlinkStatus::Ready], FlinkApplication::start)
            }
            FlinkCommand::Fail { name } => self.act_on_flink(name, running, FlinkApplication::fail),
            FlinkCommand::Delete { name } => {
                let states = [FlinkStatus::Running, FlinkStatus::Ready];
                self.act_on_flink(name, &states, FlinkApplication::delete_now)
            }
        }
    }

    fn create_flink(&mut self, spec: &FlinkSpec) -> Result<Outcome, Refusal> {
        let is_name = |text: &str| text.bytes().all(|b| b.is_ascii_alphanumeric() || b"_.-".contains(&b));
        let mut constraints = Constraints::default();
        // Documented: Managed Service for Apache Flink API Reference.
        constraints.length("applicationName", &spec.name, 1, 128);
        constraints.pattern("applicationName", &spec.name, "[a-zA-Z0-9_.-]+", is_name(&spec.name));
        let most = i64::from(i32::MAX);
        constraints.range("parallelismConfiguration.parallelism", spec.parallelism, 1, most);
        constraints.range("parallelismConfiguration.parallelismPerKPU", spec.parallelism_per_kpu, 1, most);
        let interval = i64::try_from(spec.checkpoint_interval.millis()).unwrap_or(i64::MAX);
        constraints.range("checkpointConfiguration.checkpointInterval", interval, 1, i64::MAX);
        if let Some(role) = &spec.role {
            let pattern = "arn:.*:iam::\\d{12}:role/.*";
            constraints.pattern("serviceExecutionRole", role, pattern, is_role_arn(role));
        }
        constraints.check()?;
        // Documented: 64 KPUs by default.
        if spec.parallelism / spec.parallelism_per_kpu > 64 {
            let message = "The application needs more than 64 KPUs.";
            return Err(Refusal::of_service("LimitExceededException", message));
        }
        let (second, week) = (Duration::from_seconds(1), Duration::from_hours(7 * 24));
        if spec.window < second || spec.window > week {
            return Err(Refusal::new("a window is 1 s to 7 days long"));
        }
        let too_many = |slide: Duration| {
            slide < second || slide > spec.window || spec.window.micros() / slide.micros().max(1) > 100
        };
        if spec.slide.is_some_and(too_many) {
            return Err(Refusal::new(
                "windows slide by 1 s to their length, and a record lies in at most 100",
            ));
        }
        for (what, value) in [
            ("out-of-orderness", spec.out_of_orderness),
            ("idleness", spec.idleness),
            ("allowed lateness", spec.allowed_lateness),
            ("checkpoint interval", spec.checkpoint_interval),
        ] {
            if value > week {
                return Err(Refusal::new(format!("the {what} is at most 7 days")));
            }
        }
        if spec.checkpoint_interval < second {
            return Err(Refusal::new("a checkpoint is made every second at most"));
        }
        if self.flink_applications().any(|(_, other)| other.spec.name == spec.name) {
            // Assumed: the words.
            let message = format!("Application {} already exists.", spec.name);
            return Err(Refusal::of_service("ResourceInUseException", message));
        }
        if self.flink_applications().count() >= APPLICATIONS_MAX {
            return Err(Refusal::new(format!(
                "this sandbox keeps at most {APPLICATIONS_MAX} Flink applications"
            )));
        }
        self.check_room(1)?;
        self.take_role(&spec.name, spec.role.as_deref());
        let application = FlinkApplication::new(spec.clone(), self.now);
        self.start(Program::Managed(Managed::Flink(Box::new(application))))
    }

    fn act_on_flink(
        &mut self,
        name: &str,
        states: &[FlinkStatus],
        act: fn(&mut FlinkApplication, &mut ActorCtx),
    ) -> Result<Outcome, Refusal> {
        let found = self.flink_applications().find(|(_, application)| application.spec.name == name);
        let Some((id, application)) = found else {
            // Assumed: the words.
            let message = format!("Application {name} does not exist.");
            return Err(Refusal::of_service("ResourceNotFoundException", message));
        };
        if !states.contains(&application.status) {
            let message = format!("Application {name} is {}.", application.status.name());
            return Err(Refusal::of_service("ResourceInUseException", message));
        }
        self.with_actor(id, |actor, ctx| {
            if let Program::Managed(Managed::Flink(application)) = &mut actor.program {
                act(application, ctx);
            }
            actor.handle(ctx, Input::Wake);
        });
        Ok(Outcome::Done)
    }

    /// Flink applications that are not gone, in the order in which they were made.
    pub fn flink_applications(&self) -> impl Iterator<Item = (ActorId, &FlinkApplication)> {
        let applications = self.managed().filter_map(|(id, service)| match service {
            Managed::Flink(application) => Some((id, &**application)),
            Managed::Mapping(_) | Managed::Firehose(_) | Managed::Dms(_) => None,
        });
        applications.filter(|(_, application)| !application.has_ended())
    }
}
