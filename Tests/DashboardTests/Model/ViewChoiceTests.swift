import Testing

@testable import Dashboard

@Suite struct ViewChoiceTests {
    @Test func whatWasChosenIsReadAsItWasWritten() {
        var choice = ViewChoice()
        #expect(ViewChoice(parsing: choice.text) == choice)
        (choice.isTable, choice.sortOrder, choice.tableSort, choice.isReversed) = (true, .keys, .cpu, true)
        choice.columns = [.address, .keys, .cpu]
        #expect(ViewChoice(parsing: choice.text) == choice)
    }

    @Test(arguments: [
        "", "x", "view", "columns = keys,nonsense\nsort = nonsense\ntable-sort = -nonsense\nother = 1", "=\n==",
    ])
    func whatMakesNoSenseIsLeftOut(text: String) { #expect(ViewChoice(parsing: text) == ViewChoice()) }

    @Test func aDashboardTakesItAndTellsIt() {
        var choice = ViewChoice()
        (choice.isTable, choice.tableSort, choice.columns) = (true, .keys, [.address, .keys])
        var model = GoldenScreens.calm()
        model.take(choice)
        #expect(model.viewChoice == choice)
        #expect(model.table.isShown && model.table.order.count == 6)
    }
}
