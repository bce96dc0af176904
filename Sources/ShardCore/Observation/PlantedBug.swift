/// Mistakes that a replica makes on purpose, so that the simulator can be checked: it must find every one of them.
///
/// Each is made at one place, and only where ``ReplicaConfiguration/plantedBug`` says so.
public enum PlantedBug: String, Sendable, CaseIterable {
    /// Reads do not wait for what their context names.
    case readsIgnoreContext
}
