//! Commands to replication tasks of AWS DMS.

use super::constraints::{Constraints, is_role_arn};
use crate::actor::{ActorCtx, Input, Program};
use crate::actors::dms::table::parse_tables;
use crate::actors::dms::{DmsStatus, DmsTask};
use crate::actors::managed::Managed;
use crate::dice::Dice;
use crate::history::Refusal;
use crate::world::World;
use crate::{ActorId, DmsCommand, DmsSpec, MigrationType, Outcome};

/// Replication tasks of one world.
const TASKS_MAX: usize = 20;
/// Bytes of an external table definition.
const DEFINITION_BYTES_MAX: usize = 64 << 10;
/// Number that sets the dice of identifiers apart from those of actors.
const ID_DICE: u64 = 0x646d_7300;

impl World {
    pub(super) fn change_dms(&mut self, command: &DmsCommand) -> Result<Outcome, Refusal> {
        match command {
            DmsCommand::Create(spec) => self.create_task(spec),
            DmsCommand::Stop { task } => self.act_on_task(task, &[DmsStatus::Running], DmsTask::stop),
            DmsCommand::Start { task, start } => {
                let start = *start;
                self.act_on_task(task, &[DmsStatus::Stopped], |task, ctx| task.start(ctx, start))
            }
            DmsCommand::Delete { task } => {
                self.act_on_task(task, &[DmsStatus::Running, DmsStatus::Stopped], DmsTask::delete_now)
            }
        }
    }

    fn create_task(&mut self, spec: &DmsSpec) -> Result<Outcome, Refusal> {
        let mut constraints = Constraints::default();
        // Documented: CreateReplicationTask: 1 to 255 letters, digits and hyphens, beginning with a letter.
        constraints.length("replicationTaskIdentifier", &spec.task, 1, 255);
        let is_name = spec.task.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        let is_name = is_name && spec.task.starts_with(|c: char| c.is_ascii_alphabetic());
        constraints.pattern("replicationTaskIdentifier", &spec.task, "[a-zA-Z][a-zA-Z0-9-]*", is_name);
        if let Some(role) = &spec.role {
            constraints.pattern(
                "serviceAccessRoleArn",
                role,
                "arn:.*:iam::\\d{12}:role/.*",
                is_role_arn(role),
            );
        }
        constraints.check()?;
        // Assumed: the words of all that follow.
        let invalid = |message: String| Refusal::of_service("InvalidParameterValueException", message);
        if spec.table_definition.len() > DEFINITION_BYTES_MAX {
            return Err(invalid("The external table definition has more than 64 KB.".to_owned()));
        }
        let tables = parse_tables(&spec.table_definition).map_err(invalid)?;
        let is_cdc = spec.migration_type != MigrationType::FullLoad;
        if is_cdc && spec.cdc_path.as_ref().is_none_or(|path| path.trim_matches('/').is_empty()) {
            return Err(invalid("CdcPath is required for ongoing replication from Amazon S3.".to_owned()));
        }
        if self.dms_tasks().any(|(_, other)| other.spec.task == spec.task) {
            let message = format!("Replication task {} already exists.", spec.task);
            return Err(Refusal::of_service("ResourceAlreadyExistsFault", message));
        }
        if self.dms_tasks().count() >= TASKS_MAX {
            return Err(Refusal::new(format!("this sandbox keeps at most {TASKS_MAX} replication tasks")));
        }
        self.check_room(1)?;
        self.take_role(&spec.task, spec.role.as_deref());
        let mut dice = Dice::new(self.seed, ID_DICE, self.actors.len() as u64);
        // Observed: 26 letters and digits, as in `DZ6OKLFYA5BWVG4RYROQUHXU4E`.
        const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        let task_id = (0..26).map(|_| char::from(LETTERS[dice.below(32) as usize])).collect();
        let task = DmsTask::new(spec.clone(), task_id, tables, self.now);
        self.start(Program::Managed(Managed::Dms(Box::new(task))))
    }

    fn act_on_task(
        &mut self,
        name: &str,
        states: &[DmsStatus],
        act: impl FnOnce(&mut DmsTask, &mut ActorCtx),
    ) -> Result<Outcome, Refusal> {
        let Some((id, task)) = self.dms_tasks().find(|(_, task)| task.spec.task == name) else {
            let message = format!("Replication task {name} not found.");
            return Err(Refusal::of_service("ResourceNotFoundFault", message));
        };
        if !states.contains(&task.status) {
            let message = format!("Replication task {name} is {}.", task.status.name());
            return Err(Refusal::of_service("InvalidResourceStateFault", message));
        }
        self.with_actor(id, |actor, ctx| {
            if let Program::Managed(Managed::Dms(task)) = &mut actor.program {
                act(task, ctx);
            }
            actor.handle(ctx, Input::Wake);
        });
        Ok(Outcome::Done)
    }

    /// Replication tasks that are not gone, in the order in which they were made.
    pub fn dms_tasks(&self) -> impl Iterator<Item = (ActorId, &DmsTask)> {
        let tasks = self.managed().filter_map(|(id, service)| match service {
            Managed::Dms(task) => Some((id, &**task)),
            Managed::Mapping(_) | Managed::Firehose(_) | Managed::Flink(_) => None,
        });
        tasks.filter(|(_, task)| !task.has_ended())
    }
}
