import ShardCore

/// A mistake made on purpose, and where the simulator must find it: within a stated number of seeds, and for the right
/// reason, by one of the properties that the mistake breaks.
public struct Plant: Sendable {
    public let bug: PlantedBug
    public let profile: Profile
    /// The seeds within which it is found. Where they do not begin at 1, earlier ones are slow to come to it.
    public let seeds: ClosedRange<UInt64>
    /// What it breaks; the first that a run finds broken must be one of them.
    public let properties: Set<Property>

    init(_ bug: PlantedBug, _ profile: Profile, _ seeds: ClosedRange<UInt64>, _ properties: Set<Property>) {
        self.bug = bug
        self.profile = profile
        self.seeds = seeds
        self.properties = properties
    }

    /// What came of looking for one.
    public struct Finding: Sendable {
        public let plant: Plant
        /// The seed that found it, and by which property; nil where none did.
        public let found: (seed: UInt64, property: Property)?
        /// What seeds found instead, and must not have.
        public let others: Set<Property>
    }

    /// Runs its seeds until one finds it.
    public func find() -> Finding {
        var others: Set<Property> = []
        for seed in seeds {
            let scenario = Scenario(seed: seed, profile: profile)
            let report = SimulationRun(scenario, traceLinesMax: 0, plantedBug: bug).execute()
            guard let first = report.failures.first?.property else { continue }
            if properties.contains(first) { return Finding(plant: self, found: (seed, first), others: others) }
            others.insert(first)
        }
        return Finding(plant: self, found: nil, others: others)
    }
}
