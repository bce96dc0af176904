import Foundation

/// Costs at several sizes, and the power of the size that they grow with.
struct Growth {
    /// By what is measured: the size and its cost, in the order of the sizes.
    private var points: [(name: String, unit: String, size: Double, cost: Double)] = []
    /// Sizes at which the processes had to wait for the processor: their costs are told and not fitted.
    private var crowded: Set<Double> = []

    mutating func add(_ name: String, _ cost: Double?, unit: String, at size: Int) {
        guard let cost, cost > 0 else { return }
        points.append((name, unit, Double(size), cost))
    }

    mutating func markCrowded(_ size: Int) { crowded.insert(Double(size)) }

    /// A row for each size and the fitted growth; `what` names what grows.
    func report(_ what: String, _ report: Report) {
        var names: [String] = []
        for point in points where !names.contains(point.name) { names.append(point.name) }
        for name in names {
            let line = points.filter { $0.name == name }
            for point in line {
                let note = crowded.contains(point.size) ? ", more than the machine has cores for" : ""
                report.add("\(name) at \(Int(point.size)) \(what)\(note)", [point.cost], unit: point.unit)
            }
            let fitted = line.filter { !crowded.contains($0.size) }
            guard fitted.count > 1 else { continue }
            report.add(
                "\(name) grows with the \(what) to the power of", [Self.slope(fitted.map { ($0.size, $0.cost) })],
                unit: "")
        }
    }

    /// Of the logarithms, by least squares.
    private static func slope(_ points: [(size: Double, cost: Double)]) -> Double {
        let logs = points.map { (log($0.size), log($0.cost)) }
        let x = logs.map(\.0).reduce(0, +) / Double(logs.count)
        let y = logs.map(\.1).reduce(0, +) / Double(logs.count)
        let above = logs.map { ($0.0 - x) * ($0.1 - y) }.reduce(0, +)
        let below = logs.map { ($0.0 - x) * ($0.0 - x) }.reduce(0, +)
        return above / below
    }
}
