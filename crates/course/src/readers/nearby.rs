//! What there is where the thing that a check asks for is not: a name that is nearly right shows at once.

use sim::World;

use crate::check::Args;

/// Names that are told of one kind of things.
const NAMES_MAX: usize = 4;

/// The names of what there is of the kind that a reader asks for, where what it names is not among them. Nothing for
/// readers that name no thing of the world.
pub(crate) fn nearby(world: &World, object: &str, args: &Args) -> Option<Vec<String>> {
    let name = if object == "metric" { args.second() } else { args.first() };
    let mut names: Vec<String> = match object {
        "stream" | "shard" | "key" | "rec" | "in_order" | "metric" | "cost" => {
            world.service().streams().map(|stream| stream.name.to_string()).collect()
        }
        "reader" => world.readers().map(|(_, _, reader)| reader.spec.name.clone()).collect(),
        "put" => {
            let sdk = world.producers().map(|(_, _, producer)| producer.spec.name.clone());
            let kpl = world.kpls().map(|(_, _, kpl)| kpl.spec.name.clone());
            let agents = world.agents().map(|(_, _, agent)| agent.spec.name.clone());
            sdk.chain(kpl)
                .chain(agents)
                .chain(world.dms_tasks().map(|(_, task)| task.spec.task.clone()))
                .collect()
        }
        "agent" => world.agents().map(|(_, _, agent)| agent.spec.name.clone()).collect(),
        "app" | "table" => world.applications().keys().cloned().collect(),
        "fn" => world.functions().keys().cloned().collect(),
        "hose" => world.delivery_streams().map(|(_, hose)| hose.spec.name.clone()).collect(),
        "dms" => world.dms_tasks().map(|(_, task)| task.spec.task.clone()).collect(),
        _ => return None,
    };
    names.dedup();
    if names.iter().any(|known| known == name) {
        return None;
    }
    names.truncate(NAMES_MAX);
    Some(names)
}
