import Testing
import ValkeyClient

@testable import TopCommand

@Suite(.timeLimit(.minutes(10))) struct OpenedClusterTests {
    @Test func `keys are asked for where a server is reached, not where it announces itself`() async throws {
        let announced = try ServerURL("valkey://announced.invalid:7000")
        var login = EngineLogin()
        // Nobody listens there, which is another answer than that of a name that nobody knows.
        login.reach = [announced.address: ServerAddress(host: "127.0.0.1", port: 1)]
        let refused = await #expect(throws: ServerError.self) {
            try await OpenedCluster.withServers([announced], login) { servers in
                _ = try await servers.send(Command("PING"), to: announced.address, within: .seconds(5))
            }
        }
        #expect(refused?.what.contains("nobody listens") == true)
    }
}
