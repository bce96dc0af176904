import HostSystem

/// The reason why a file of secrets cannot be used: which, why, and what to do. Tells nothing of its contents.
struct SecurityProblem: TellingError {
    let description: String

    init(_ description: String) { self.description = description }
}
