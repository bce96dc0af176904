import Dashboard
import Foundation
import Testing

@testable import TopCommand

@Suite struct ViewMemoryTests {
    private static var chosen: ViewChoice {
        var choice = ViewChoice()
        choice.isTable = true
        return choice
    }

    @Test func `what was looked at is there at the next start`() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("state-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let memory = ViewMemory(isKept: true, environment: ["XDG_STATE_HOME": folder])
        #expect(memory.load() == ViewChoice())
        memory.save(ViewChoice(), before: ViewChoice())
        #expect(!FileManager.default.fileExists(atPath: folder), "nothing was chosen, and nothing is written")
        memory.save(Self.chosen, before: ViewChoice())
        #expect(memory.load() == Self.chosen)
        #expect(ViewMemory(isKept: false, environment: ["XDG_STATE_HOME": folder]).load() == ViewChoice())
    }

    @Test func `where nothing can be written it is forgotten`() {
        for environment in [[:], ["HOME": "/proc/nowhere"], ["XDG_STATE_HOME": "relative"]] as [[String: String]] {
            let memory = ViewMemory(isKept: true, environment: environment)
            memory.save(Self.chosen, before: ViewChoice())
            #expect(memory.load() == ViewChoice())
        }
    }
}
