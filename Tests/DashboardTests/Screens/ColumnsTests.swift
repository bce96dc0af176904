import ClusterModel
import ShardClient
import ShardCore
import ShardWire
import TerminalUI
import Testing

@testable import Dashboard

/// No text touches the next, however long names are and however large numbers.
@Suite struct ColumnsTests {
    /// Where two texts of different looks stand side by side there is a blank, a line or a sign between them.
    private func touching(_ canvas: Canvas) -> [String] {
        func isText(_ cell: Cell) -> Bool {
            cell.character.isLetter || cell.character.isNumber || "●○◐✓".contains(cell.character)
        }
        var found: [String] = []
        for y in 0..<canvas.size.height {
            for x in 1..<canvas.size.width {
                let (left, right) = (canvas[x: x - 1, y: y], canvas[x: x, y: y])
                guard isText(left), isText(right), left.style != right.style else { continue }
                found.append("\(x),\(y): \(canvas.line(y))")
            }
        }
        return found
    }

    /// Each label of the screen, where it stands, stands alone.
    private func glued(_ canvas: Canvas, _ labels: [String]) -> [String] {
        var found: [String] = []
        for y in 0..<canvas.size.height {
            let line = canvas.line(y)
            for label in labels where label.count > 3 {
                for range in line.ranges(of: label) where range.upperBound < line.endIndex {
                    let next = line[range.upperBound]
                    if next.isLetter || next.isNumber && label.last?.isNumber == false {
                        found.append("\(label): \(line)")
                    }
                }
            }
        }
        return found
    }

    @Test func noTwoColumnsTouch() async {
        var random = RandomCluster(seed: 3)
        let keys: [[KeyEvent]] = [
            [], [.enter], [.character("S")], [.character("r")],
            [.character("w"), .character("k"), .enter], [.character("/"), .character("0"), .enter],
        ]
        for round in 0..<60 {
            await Task.yield()
            let snapshot = random.snapshot()
            var model = Fixture.model(snapshot, keys: keys[round % keys.count])
            var plan = Fixture.plan
            for index in plan.moves.indices { plan.moves[index].planned = random.number() }
            _ = model.reduce(.planned(shardCount: 3, plan))
            var location = Fixture.location
            for index in location.members.indices {
                location.members[index].address = snapshot.nodes[index % snapshot.nodes.count].address
            }
            location.key = "k"
            _ = model.reduce(.located(location))
            _ = model.reduce(.events(Fixture.events))
            _ = model.reduce(
                .demo(DemoState(traffic: ClientTraffic(operationsPerSecond: Double(random.number())))))
            let width = [40, 57, 80, 99, 120, 149, 150, 200, 260][random.next(9)]
            let size = Size(width: width, height: [12, 24, 35, 60][random.next(4)])
            let canvas = Drawing(model, theme: .named(.dark)).canvas(size)
            #expect(touching(canvas).isEmpty, "\(size): \(touching(canvas))\n\(canvas.text)")
            // An overlay hides the ends of what is below it.
            guard model.overlay == nil else { continue }
            var drawing = Drawing(model, theme: .named(.dark))
            drawing.fitLabels(to: size)
            let labels = model.overview.members.map { drawing.labels[$0.id] }
            #expect(glued(canvas, labels).isEmpty, "\(size): \(glued(canvas, labels))\n\(canvas.text)")
        }
    }
}
