import TerminalUI
import Wording

/// The clients' traffic in one line, so that an audience sees that nothing stops.
extension Drawing {
    func drawStrip(_ canvas: inout Canvas, _ rect: Rect, _ demo: DemoState) {
        if let starting = demo.starting {
            drawStarting(&canvas, rect, starting)
        } else if let loading = demo.loading {
            drawLoading(&canvas, rect, loading)
        } else if let traffic = demo.traffic {
            drawTraffic(&canvas, rect, traffic)
        } else {
            drawNoTraffic(&canvas, rect)
        }
    }

    private func drawStarting(_ canvas: inout Canvas, _ rect: Rect, _ starting: DemoState.Starting) {
        var line = FittedLine(gap: [Span("  ")])
        line.add("starting", theme.title, priority: 9)
        line.add("\(starting.serving) of \(Figures.plural(starting.total, "node")) serve", theme.plain, priority: 8)
        canvas.put(line.spans(width: rect.width - 2), x: rect.x + 1, y: rect.y, width: rect.width - 2)
    }

    private func drawLoading(_ canvas: inout Canvas, _ rect: Rect, _ loading: DemoState.Loading) {
        var line = FittedLine(gap: [Span("  ")])
        line.add("loading", theme.title, priority: 9)
        let total = Figures.count(loading.total)
        line.add(
            "\(Figures.count(loading.done).aligned(to: total.count)) / \(total) \(Plural.noun("key", loading.total))",
            theme.plain, priority: 8)
        if let problem = loading.problem { line.add(problem, theme.bad, priority: 7) }
        let room = rect.width - 2
        let used = canvas.put(line.spans(width: room), x: rect.x + 1, y: rect.y, width: room)
        guard loading.problem == nil, room - used >= 8 else { return }
        canvas.bar(
            x: rect.x + used + 3, y: rect.y, width: room - used - 2,
            fraction: Double(loading.done) / Double(max(1, loading.total)), style: theme.accent, track: theme.track,
            glyphs: theme.glyphs)
    }

    private func drawTraffic(_ canvas: inout Canvas, _ rect: Rect, _ traffic: ClientTraffic) {
        var line = FittedLine(gap: [Span("  ")])
        line.add("clients", theme.title, priority: 9)
        line.add(
            [
                Span(Figures.rate(traffic.operationsPerSecond).aligned(to: 6), theme.strong),
                Span("\(offered(traffic)) op/s", theme.muted),
            ], priority: 9)
        func latency(_ name: String, _ value: UInt64?, _ priority: Int) {
            let text = value.map(Figures.duration) ?? "-"
            line.add(
                [Span("\(name) ", theme.muted), Span(text.aligned(to: 8), theme.plain)], priority: priority)
        }
        latency("p50", traffic.latencyMicrosecondsP50, 5)
        latency("p99", traffic.latencyMicrosecondsP99, 7)
        latency("worst", traffic.latencyMicrosecondsMax, 4)
        if let waiting = waiting(traffic) { line.add(waiting, theme.warning, priority: 8) }
        line.add(
            [
                Span(Figures.count(traffic.errors), traffic.errors == 0 ? theme.good : theme.bad),
                Span(" " + Plural.noun("error", traffic.errors), theme.muted),
            ], priority: 8)
        line.add(Figures.count(traffic.operations) + " in all", theme.muted, priority: 2)
        let room = rect.width - 2
        let used = canvas.put(line.spans(width: room), x: rect.x + 1, y: rect.y, width: room)
        let spark = min(60, room - used - 2)
        guard spark >= 8 else { return }
        let rect = Rect(x: rect.right - 1 - spark, y: rect.y, width: spark, height: 1)
        let series = model.trafficHistory
        let seconds = series.seconds(spark, until: series.end(atMilliseconds: model.nowMilliseconds))
        drawGraph(&canvas, rect, seconds, model.trafficScale, theme.accent)
    }

    /// How many clients wait, and the longest wait; nil if none waits.
    private func waiting(_ traffic: ClientTraffic) -> String? {
        guard let waiting = traffic.waiting, waiting > 0 else { return nil }
        let longest = traffic.waitingMicrosecondsMax.map { " (longest \(Figures.duration(microseconds: $0)))" } ?? ""
        return "\(Figures.count(waiting)) waiting\(longest)"
    }

    /// The rate that the clients meant to send; empty if they could send nearly all of it.
    private func offered(_ traffic: ClientTraffic) -> String {
        guard let offered = traffic.offeredPerSecond, let held = traffic.heldBackPerSecond, held > offered / 20 else {
            return ""
        }
        return " of " + Figures.rate(Double(offered))
    }

    /// Keeps the strip in its place while no traffic runs, so that nothing jumps when it comes.
    private func drawNoTraffic(_ canvas: inout Canvas, _ rect: Rect) {
        var line = FittedLine(gap: [Span("  ")])
        line.add("clients", theme.title, priority: 9)
        line.add("no traffic", theme.muted, priority: 8)
        if model.isControlled { line.add("L turns it on", theme.muted, priority: 7) }
        canvas.put(line.spans(width: rect.width - 2), x: rect.x + 1, y: rect.y, width: rect.width - 2)
    }
}
