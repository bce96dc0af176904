import ShardCore

/// A mistake made on purpose, and the seeds within which the simulator must find it, for the right reason: by one of
/// the properties that the mistake breaks.
public struct Plant: Sendable {
    public let bug: PlantedBug
    public let profile: Profile
    /// The seeds within which the mistake is found. If they do not begin at 1, the earlier ones are slow to come to it.
    public let seeds: ClosedRange<UInt64>
    /// The properties that the mistake breaks; the first that a run finds broken must be one of them.
    public let properties: Set<Property>

    init(_ bug: PlantedBug, _ profile: Profile, _ seeds: ClosedRange<UInt64>, _ properties: Set<Property>) {
        self.bug = bug
        self.profile = profile
        self.seeds = seeds
        self.properties = properties
    }

    /// The outcome of looking for one plant.
    public struct Finding: Sendable {
        public let plant: Plant
        /// The seed that found the mistake, and the broken property; nil if none did.
        public let found: (seed: UInt64, property: Property)?
        /// The properties that seeds found broken instead, and must not have.
        public let others: Set<Property>
    }

    /// Runs the seeds until one of them finds the mistake.
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
