import ArgumentParser
import Foundation
import HostSystem

struct ReportOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Also write all figures to this file, as JSON.", valueName: "file")) var json: String?
}

/// The figures of a run of measurements: printed line by line as they come, and kept for a machine to read.
final class Report {
    /// Lower is better for times and sizes, higher for rates; a goal says which by its relation.
    enum Goal {
        case atLeast(Double)
        case atMost(Double)

        var words: String {
            switch self {
            case .atLeast(let bound): "goal at least \(Report.text(bound))"
            case .atMost(let bound): "goal at most \(Report.text(bound))"
            }
        }

        func isMet(by value: Double) -> Bool {
            switch self {
            case .atLeast(let bound): value >= bound
            case .atMost(let bound): value <= bound
            }
        }
    }

    private struct Figure: Encodable {
        let name: String
        let unit: String
        let median: Double
        let min: Double
        let max: Double
        let samples: Int
        let goal: String?
        let isGoalMet: Bool?
    }

    private struct Document: Encodable {
        let date: String
        let system: String
        let cores: Int
        let memoryBytes: UInt64
        let figures: [Figure]
        let notMeasured: [String]
    }

    private var figures: [Figure] = []
    private var gaps: [String] = []

    /// - Parameter samples: none where nothing could be measured, which meets no goal.
    func add(_ name: String, _ samples: [Double], unit: String, goal: Goal? = nil) {
        guard !samples.isEmpty else { return skip(name, "there was nothing to measure") }
        let middle = Self.median(samples)
        let (low, high) = (samples.min() ?? middle, samples.max() ?? middle)
        let isMet = goal.map { $0.isMet(by: middle) }
        figures.append(
            Figure(
                name: name, unit: unit, median: middle, min: low, max: high, samples: samples.count, goal: goal?.words,
                isGoalMet: isMet))
        let spread = samples.count > 1 ? " (\(Self.text(low)) ... \(Self.text(high)), \(samples.count) rounds)" : ""
        let verdict = goal.map { "; \($0.words): \(isMet == true ? "met" : "missed")" } ?? ""
        print("\(name): \(Self.text(middle)) \(unit)\(spread)\(verdict)")
        fflush(nil)
    }

    /// Says what could not be measured, and why.
    func skip(_ name: String, _ reason: String) {
        gaps.append("\(name): \(reason)")
        print("\(name): not measured: \(reason)")
    }

    func write(to path: String?) throws {
        guard let path else { return }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let document = Document(
            date: Date().formatted(.iso8601), system: ProcessInfo.processInfo.operatingSystemVersionString,
            cores: ProcessInfo.processInfo.activeProcessorCount, memoryBytes: ProcessInfo.processInfo.physicalMemory,
            figures: figures, notMeasured: gaps)
        do {
            try encoder.encode(document).write(to: URL(fileURLWithPath: path))
        } catch {
            throw Programs.Problem("cannot write \(path): \(error)")
        }
    }

    static func median(_ samples: [Double]) -> Double {
        let sorted = samples.sorted()
        return sorted.isEmpty ? 0 : sorted[sorted.count / 2]
    }

    static func percentile(_ share: Double, of samples: [Double]) -> Double {
        let sorted = samples.sorted()
        return sorted.isEmpty ? 0 : sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))]
    }

    static func text(_ value: Double) -> String {
        value >= 1_000
            ? Int(value).formatted(.number.grouping(.automatic).locale(Locale(identifier: "en_US")))
            : String(format: "%.2f", value)
    }
}

/// Measures something on real programs, into a report.
protocol Measurement {
    func measure(_ programs: Programs, _ report: Report) async throws
}

extension Measurement {
    /// Measures with programs of its own, which end with it whatever happens.
    func run(_ options: ReportOptions) async throws {
        do {
            let programs = Programs()
            defer { programs.stop() }
            let report = Report()
            Machine.measure(report)
            try await measure(programs, report)
            try report.write(to: options.json)
        } catch let problem as Programs.Problem {
            print("shardbench: \(problem)")
            throw ExitCode.failure
        }
    }
}

/// How fast the machine is at the moment: work that never changes.
enum Machine {
    static func measure(_ report: Report) {
        let samples = (0..<5).map { _ in
            let start = ContinuousClock.now
            var state: UInt64 = 1
            var sum: UInt64 = 0
            for _ in 0..<20_000_000 {
                state &+= 0x9E37_79B9_7F4A_7C15
                var mixed = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
                mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
                sum ^= mixed
            }
            precondition(sum != 0)
            return 20 / ((ContinuousClock.now - start) / .seconds(1))
        }
        report.add("the machine, by SplitMix64", samples, unit: "million steps/s")
    }
}
