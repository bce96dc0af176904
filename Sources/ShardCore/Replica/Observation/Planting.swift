extension Replica {
    func makes(_ bug: PlantedBug) -> Bool { configuration.plantedBug == bug }
}
