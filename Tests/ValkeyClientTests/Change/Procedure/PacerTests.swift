import Testing

@testable import ValkeyClient

@Suite(.timeLimit(.minutes(1))) struct PacerTests {
    @Test func `what goes beyond the pace waits until it is paid for, ended, or let go`() async {
        let pacer = Pacer(keysPerSecond: 1)
        let signal = AbortSignal()
        // The first is let go at once; the next would wait for an hour.
        await pacer.wait(keys: 3_600, unless: signal)
        let ended = Task { await pacer.wait(keys: 1, unless: signal) }
        signal.raise()
        await ended.value
        let other = Task { await pacer.wait(keys: 1, unless: AbortSignal()) }
        await pacer.set(keysPerSecond: nil)
        await other.value
    }

    @Test func `a pace that is raised is heeded within a second`() async {
        let pacer = Pacer(keysPerSecond: 1)
        await pacer.wait(keys: 3_600, unless: AbortSignal())
        await pacer.set(keysPerSecond: 1_000_000)
        await pacer.wait(keys: 1, unless: AbortSignal())
    }
}
