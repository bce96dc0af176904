import ClusterModel

/// The first line of a recording.
public struct RecordingHeader: Codable, Equatable, Sendable {
    /// Tells a recording from any other file of JSON lines.
    public static let format = "shardtop-recording"
    /// Counts incompatible changes of the lines. Version 1 held what each shardnode said, and not the cluster.
    public static let version = 2

    public var format = Self.format
    public var version = Self.version
    /// The version of the program that recorded it.
    public var program: String
    /// The name of the watched cluster, for the dashboard's header.
    public var name: String
    /// The cluster's own id, if it has one.
    public var cluster: String?

    /// - Parameters:
    ///   - program: the recording program's version.
    ///   - name: the name of the watched cluster.
    public init(program: String, name: String) {
        self.program = program
        self.name = name
    }
}

/// The results of one poll, and their time: a line of a recording.
///
/// The parts are fed to the model in the order of the properties.
public struct RecordedPoll: Codable, Equatable, Sendable {
    /// The time since 1970: never before that of the line above, nor before its own snapshot.
    public var atMilliseconds: UInt64
    /// The new events.
    public var events: [Event]?
    public var demo: DemoState?
    /// A check of keys that were read back meanwhile.
    public var readBack: ReadBack?
    /// The time between polls, by which the dashboard judges whether data is stale.
    public var pollMilliseconds: UInt64?
    public var features: Features?
    /// Nil if the poll was overtaken by a later one, so that the dashboard did not show it.
    public var snapshot: Cluster?

    /// Short keys, as they stand in every line.
    enum CodingKeys: String, CodingKey {
        case atMilliseconds = "at"
        case events, demo, readBack
        case pollMilliseconds = "poll"
        case features, snapshot
    }

    /// The result of reading the keys back after a reshard; the check is nil if it could not be made.
    public struct ReadBack: Codable, Equatable, Sendable {
        public var operation: String
        public var check: KeyCheck?
    }

    /// A poll without content.
    public init(atMilliseconds: UInt64) { self.atMilliseconds = atMilliseconds }
}
