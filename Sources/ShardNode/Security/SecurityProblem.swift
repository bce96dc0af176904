import HostSystem

/// Why files of secrets cannot be used: which, why, and what to do. Tells nothing of what they hold.
struct SecurityProblem: TellingError {
    let description: String

    init(_ description: String) { self.description = description }
}
