/// The figures of a server in its answer to `INFO`. Those that it does not tell are nil.
public struct ServerInfo: Hashable, Sendable {
    public enum Engine: String, Hashable, Sendable {
        case valkey = "Valkey"
        case redis = "Redis"
    }

    public enum Mode: String, Hashable, Sendable { case cluster, standalone, sentinel }

    public var engine: Engine
    /// Its own, not that of the Redis that a Valkey says it is compatible with.
    public var version: String?
    public var mode: Mode?
    /// Changes with each start.
    public var runID: String?
    public var uptimeSeconds: UInt64?

    /// Of processor time since its start, by the kernel and by itself.
    public var cpuSeconds: Double?

    public var clients: UInt64?
    public var blockedClients: UInt64?

    public var memoryBytes: UInt64?
    /// Nil if there is no bound.
    public var memoryBytesMax: UInt64?
    public var evictionPolicy: String?
    public var residentBytes: UInt64?
    public var fragmentation: Double?

    /// As the server measures it itself.
    public var operationsPerSecond: UInt64?
    public var commandsProcessed: UInt64?
    public var hits: UInt64?
    public var misses: UInt64?
    public var evictedKeys: UInt64?
    public var expiredKeys: UInt64?
    public var rejectedConnections: UInt64?
    /// Bytes of slots that were sent and received by atomic migration since it started; nil of servers without it.
    public var slotBytesSent: UInt64?
    public var slotBytesReceived: UInt64?

    public var persistence: Persistence
    public var replication: Replication?
    /// Keys over all its databases.
    public var keys: Int?
    /// How often slots were opened, closed, given and taken, by the counters of commands; nil if they were not asked.
    public var slotChanges: UInt64?

    public struct Persistence: Hashable, Sendable {
        public var isLoading = false
        /// 0 ... 100, while it loads.
        public var loadedPercent: Double?
        public var loadingSecondsLeft: UInt64?
        public var lastSaveFailed = false
        public var lastAppendFailed = false
        public var lastRewriteFailed = false
        public var isSaving = false
        public var isAppending = false
        public var changesSinceSave: UInt64?
        /// Since 1970, in seconds.
        public var lastSaveSeconds: UInt64?

        /// The failure that keeps data from the disk, in words; nil if there is none.
        public var failure: String? {
            if lastAppendFailed { return "the append-only file cannot be written" }
            if lastSaveFailed { return "the last save failed" }
            return lastRewriteFailed ? "the last rewrite of the append-only file failed" : nil
        }
    }

    public struct Replication: Hashable, Sendable {
        public var isReplica: Bool
        /// Of a primary what it has written; of a replica what it has received.
        public var offset: UInt64?
        /// Of a replica: whom it copies.
        public var primary: ServerAddress?
        /// Of a replica: false while the link to its primary is down.
        public var isLinkUp: Bool?
        public var linkDownSeconds: UInt64?
        /// Since it last heard its primary.
        public var heardSeconds: UInt64?
        /// Of a replica: true while it takes in everything anew.
        public var isSyncing = false
        /// Of a primary, those that are connected to it.
        public var replicas: [Replica] = []

        public struct Replica: Hashable, Sendable {
            public var address: ServerAddress
            /// "online", "wait_bgsave", "send_bulk".
            public var state: String
            /// The offset that it has confirmed.
            public var offset: UInt64?
            /// Since its last word.
            public var lagSeconds: UInt64?
        }
    }
}
