import ClusterModel
import ShardClient
import TerminalUI
import Testing

@testable import Dashboard

/// The table of all nodes: its order, its columns, its keys.
@Suite struct NodeTableTests {
    private static func model(_ keys: [KeyEvent] = [.character("N")]) -> DashboardModel {
        Fixture.model(
            Fixture.snapshot(
                layout: Fixture.two, keys: [500, 40],
                twists: [5: .init(isReachable: false, health: .down), 2: .init(epoch: 7, keys: 9)], epoch: 7,
                joiners: [7], operations: 210), keys: keys)
    }

    private static func order(_ model: DashboardModel) -> [String] {
        model.table.order.map { String(model.members[$0].id.text.dropFirst(7).prefix(1)) }
    }

    private func text(_ model: DashboardModel, _ width: Int = 120, _ height: Int = 35) -> String {
        Drawing(model, theme: .standard()).canvas(Size(width: width, height: height)).text
    }

    // MARK: Order

    @Test func theWorstStandsAboveAndTheAddressDecidesAmongEquals() {
        let model = Self.model()
        #expect(Self.order(model).first == "5")
        #expect(Self.order(model).dropFirst() == ["1", "2", "3", "4", "6", "7"])
    }

    @Test func figuresBeginWithTheMostAndTextsWithTheFirst() {
        var model = Self.model()
        model.sortTable(by: .keys)
        #expect(Self.order(model) == ["1", "3", "4", "5", "6", "2", "7"])
        model.reverseTable()
        #expect(Self.order(model) == ["7", "2", "4", "5", "6", "1", "3"])
        model.sortTable(by: .address)
        #expect(Self.order(model) == ["1", "2", "3", "4", "5", "6", "7"])
    }

    @Test func whatANodeDoesNotTellStandsBelowWhicheverEndComesFirst() {
        var model = Self.model()
        model.sortTable(by: .reads)
        #expect(Self.order(model).last == "5", "it does not answer, and so tells no rate")
        model.reverseTable()
        #expect(Self.order(model).last == "5")
        #expect(text(model).contains("10.0.0.5:8081"))
    }

    @Test func whatIsNotToldIsADashAndNoNought() throws {
        var model = Self.model()
        _ = model.chooseColumns("reads,p99,cpu,memory,uptime,slots,role")
        let canvas = Drawing(model, theme: .standard()).canvas(Size(width: 120, height: 35))
        let line = try #require(canvas.text.split(separator: "\n").last { $0.contains("10.0.0.5:8081") })
        #expect(line.split(separator: " ").filter { $0 == "-" }.count == 7, "\(line)")
        let well = try #require(canvas.text.split(separator: "\n").first { $0.contains("10.0.0.1:8081") })
        for figure in ["420", "1.2 ms", "3.1 %", "28.6 MiB", "1 s"] { #expect(well.contains(figure), "\(well)") }
    }

    @Test func everyColumnHasWordsAndAnOrder() {
        var model = Self.model()
        for column in NodeColumn.allCases {
            _ = model.chooseColumns(column.rawValue)
            model.sortTable(by: column)
            #expect(Set(model.table.order).count == 7, "\(column)")
            #expect(text(model).contains(column.title), "\(column)")
        }
    }

    // MARK: Columns

    @Test(arguments: [40, 60, 80, 120, 200, 300])
    func columnsGiveWayByPriorityAndNoneIsCut(width: Int) throws {
        let model = Self.model()
        let canvas = Drawing(model, theme: .standard()).canvas(Size(width: width, height: 30))
        let titles = try #require(
            canvas.text.split(separator: "\n").first { $0.contains("│   node") })
        let priorities = model.tableColumns
            .sorted { ($0.priority ?? 0) > ($1.priority ?? 0) }
        let shown = priorities.map {
            titles.split(separator: " ").contains(Substring($0.title)) || titles.contains($0.title)
        }
        #expect(shown.first == true)
        if width >= 200 { #expect(!shown.contains(false)) }
        if width <= 60 { #expect(shown.contains(false)) }
    }

    @Test func whatNobodyTellsHasNoColumnUnlessItIsAskedFor() {
        var model = Self.model()
        #expect(!model.tableColumns.contains(.slots) && !model.tableColumns.contains(.role))
        var isTaken = model.chooseColumns("slots keys")
        #expect(isTaken && model.tableColumns == [.address, .slots, .keys])
        isTaken = model.chooseColumns("auto")
        #expect(isTaken && model.tableColumns.contains(.status))
        for words in ["slots,nonsense", ""] {
            isTaken = model.chooseColumns(words)
            #expect(!isTaken)
        }
    }

    @Test func serversHaveColumnsOfTheirOwn() {
        var model = DashboardModel(name: "x")
        _ = model.reduce(.tick(milliseconds: Fixture.start))
        _ = model.reduce(.snapshot(SlotScreens.cluster(), .none))
        _ = model.reduce(.key(.character("N")))
        for column in [NodeColumn.role, .operations, .memory, .used] { #expect(model.tableColumns.contains(column)) }
        for column in [NodeColumn.reads, .writes, .p99] { #expect(!model.tableColumns.contains(column)) }
    }

    // MARK: Keys

    @Test func theSelectionGoesFromRowToRowAndStaysWithItsNode() {
        var model = Self.model([.character("N"), .character("g")])
        #expect(model.selected?.address == Fixture.node(5))
        _ = model.reduce(.key(.down))
        #expect(model.selected?.address == Fixture.node(1))
        model.sortTable(by: .keys)
        model.reverseTable()
        #expect(model.selected?.address == Fixture.node(1))
        _ = model.reduce(.key(.character("G")))
        #expect(model.selected?.address == Fixture.node(3))
        _ = model.reduce(.key(.enter))
        #expect(model.overlay == .node(Fixture.node(3)))
    }

    @Test func aFilterLeavesRowsOutAndASearchInVainIsSaid() {
        var model = Self.model()
        model.setFilter("down")
        #expect(Self.order(model) == ["5"])
        #expect(text(model).contains("1 of 7 nodes"))
        model.setFilter("nonsense")
        #expect(text(model).contains("No node matches 'nonsense'"))
        _ = model.reduce(.key(.down))
        #expect(model.table.order.isEmpty)
    }

    @Test func sortingIsByKeyByNameAndByAClick() {
        var model = Self.model()
        _ = model.reduce(.key(.right))
        #expect(model.table.sort == .shard)
        _ = model.reduce(.key(.character("h")))
        #expect(model.table.sort == .status)
        _ = model.reduce(.mouse(.click, .command("sort", argument: "keys")))
        #expect(model.table.sort == .keys && !model.table.isReversed)
        _ = model.reduce(.mouse(.click, .command("sort", argument: "keys")))
        #expect(model.table.isReversed)
        for key in ":sort cpu".map({ KeyEvent.character($0) }) + [.enter] { _ = model.reduce(.key(key)) }
        #expect(model.table.sort == .cpu && model.table.isDescending)
        #expect(text(model, 200).contains("CPU ▼"))
    }

    @Test func aClickOnATitleSortsByIt() throws {
        let model = Self.model()
        let canvas = Drawing(model, theme: .standard()).canvas(Size(width: 120, height: 35))
        let row = try #require(
            (0..<35).first { canvas.line($0).contains("keys") && canvas.line($0).contains("status") })
        let found = (0..<120).compactMap { canvas.target(x: $0, y: row)?.value as? Place }
        #expect(found.contains(.command("sort", argument: "keys")))
    }

    @Test func escapeGoesBackToTheShards() {
        var model = Self.model()
        _ = model.reduce(.key(.escape))
        #expect(!model.table.isShown)
        #expect(text(model).contains("shard 0"))
    }

    /// A thousand rows: the chosen one is always on the screen.
    @Test func inALongTableTheChosenRowIsShown() {
        let layout = (0..<500).map { [2 * $0 + 1, 2 * $0 + 2] }
        var cluster = Cluster(takenMilliseconds: Fixture.start)
        cluster.shards = layout.enumerated().map { place, numbers in
            Shard(
                id: ShardID(place),
                members: numbers.map { number in
                    var member = Member(id: Fixture.node(number), shard: ShardID(place), condition: .init(.good, "up"))
                    (member.hasAnswered, member.isReachable, member.keys) = (true, true, number)
                    return member
                }, keys: 1)
        }
        var model = DashboardModel(name: "x")
        _ = model.reduce(.snapshot(cluster, .none))
        for key in [KeyEvent.character("N"), .character("s"), .end, .pageUp, .pageUp, .home, .pageDown] {
            _ = model.reduce(.key(key))
            let chosen = model.selected?.id.description ?? "none"
            for size in [Size(width: 80, height: 24), Size(width: 40, height: 12)] {
                let text = Drawing(model, theme: .standard()).canvas(size).text
                #expect(text.contains(chosen), "\(chosen) after \(key.words)")
            }
        }
    }
}
