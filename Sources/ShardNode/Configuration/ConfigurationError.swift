import HostSystem
import ShardWire

/// An error in the settings that a node was given: what is wrong, where, and what to do.
public struct ConfigurationError: TellingError, Hashable, Sendable {
    /// EX_USAGE of sysexits.h.
    public static let exitStatus: Int32 = 64

    /// The setting at fault, named as the operator wrote it: a variable or a flag.
    public let setting: String
    public let problem: String
    public let advice: String

    public init(setting: String, problem: String, advice: String) {
        self.setting = setting
        self.problem = problem
        self.advice = advice
    }

    public var description: String { "\(setting): \(problem). \(advice)." }
}

/// An error that keeps a node with valid settings from starting.
public struct StartError: TellingError, Hashable, Sendable {
    public enum Kind: Hashable, Sendable {
        /// The port or the address is not available.
        case addressUnavailable
        /// The system refused something else.
        case system
    }

    public let kind: Kind
    public let description: String

    public init(kind: Kind, description: String) {
        self.kind = kind
        self.description = description
    }

    /// EX_UNAVAILABLE (69) if the address is not available, else EX_OSERR (71); from sysexits.h.
    public var exitStatus: Int32 { kind == .addressUnavailable ? 69 : 71 }
}
