/// The implementation of a server.
package enum ServerEngine: String, Sendable, CaseIterable {
    case valkey, redis

    /// The program's name.
    package var programName: String { "\(rawValue)-server" }

    package var name: String {
        switch self {
        case .valkey: "Valkey"
        case .redis: "Redis"
        }
    }

    /// The oldest major version that will do: what comes with Valkey 9 is why it is wanted.
    var majorVersionMin: Int {
        switch self {
        case .valkey: 9
        case .redis: 6
        }
    }

    /// Advice to a person on a machine where it is not installed.
    var advice: String {
        switch self {
        case .valkey: "install Valkey 9 or later so that valkey-server is in PATH, or run 'make setup-test'"
        case .redis: "install Redis so that redis-server is in PATH, or run 'make setup-test'"
        }
    }
}
