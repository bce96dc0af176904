import ArgumentParser
import Foundation
import NIOCore

/// Reads and writes of keys beside a bare server that answers the same bytes.
struct RequestsCommand: AsyncParsableCommand, Measurement {
    static let configuration = CommandConfiguration(
        commandName: "requests", abstract: "GET and PUT: own keys, with contexts, forwarded, pipelined, replicated.")

    @OptionGroup var report: ReportOptions
    @OptionGroup var sizes: RoundOptions

    func run() async throws { try await run(report) }

    func measure(_ programs: Programs, _ report: Report) async throws {
        try await measureAlone(programs, report)
        try await measureReplicated(programs, report)
        try await Redis(sizes: sizes).measure(programs, report)
    }

    /// Two shards of two, so that every request is hashed.
    private func measureAlone(_ programs: Programs, _ report: Report) async throws {
        let cluster = try await BenchCluster.start(programs, nodes: 4, shardCount: 2, port: sizes.port)
        let port = cluster.port
        let own = cluster.keys(1_024, ofShard: cluster.firstShard)
        let foreign = cluster.keys(1_024, ofShard: 1 - cluster.firstShard)
        for key in [own[0], foreign[0]] { _ = try await Probe.ask(port, Requests.put(key)) }
        let bare = BareServers(programs, port: port + 8)
        let puts = own.map { Requests.put($0) }
        let getAnswer = try await Probe.ask(port, Requests.get(own[0]))
        let putAnswer = try await Probe.ask(port, Requests.put(own[0]))
        for key in own + foreign { _ = try await Probe.ask(port, Requests.put(key)) }

        let gets = Requests.single(own.map { Requests.get($0) })
        let getRate = try await sizes.compare(
            "GET of own keys", gets, cluster, try await bare.start(answering: getAnswer), report, goal: 0.85)
        let putRate = try await sizes.compare(
            "PUT of own keys, one replica running", Requests.single(puts), cluster,
            try await bare.start(answering: putAnswer), report, goal: 0.85)
        let forwarded = try await sizes.rates(Requests.single(foreign.map { Requests.get($0) }), port)
        report.add("GET of another shard's keys", forwarded, unit: "/s")
        sizes.addRatio("GET of another shard's keys, of own", forwarded, getRate, report, goal: 0.4)
        let pipelinedGets = Requests.pipelined(own.map { Requests.get($0) }, depth: 16)
        let pipelined = try await sizes.rates(pipelinedGets, port)
        sizes.addRatio("GET 16 deep, of one at a time", pipelined, getRate, report, goal: 2.5)
        let pipelinedPuts = try await sizes.rates(Requests.pipelined(puts, depth: 16), port)
        sizes.addRatio("PUT 16 deep, of one at a time", pipelinedPuts, putRate, report, goal: 2.5)
        try await cluster.endReplicas()
        _ = try await sizes.compare(
            "PUT of own keys, its replica ended", Requests.single(puts), cluster,
            try await bare.start(answering: putAnswer), report, goal: 0.85)
        programs.stop()
    }

    /// Two shards of three, where three nodes of each take writes.
    private func measureReplicated(_ programs: Programs, _ report: Report) async throws {
        let cluster = try await BenchCluster.start(programs, nodes: 6, shardCount: 2, port: sizes.port + 20)
        let layout = cluster.layout
        let port = cluster.port
        var context = ""
        for member in layout.members {
            let key = cluster.keys(1, ofShard: layout.shard(of: member) ?? 0)[0]
            let answer = try await Probe.ask(member.port, Requests.put(key, context: context.isEmpty ? nil : context))
            guard let next = HTTP.field("causal-metadata", in: answer) else { throw Programs.Problem("no context") }
            context = next
        }
        print("a context of \(layout.members.count) nodes has \(context.utf8.count) bytes")
        let own = cluster.keys(1_024, ofShard: cluster.firstShard)
        for key in own { _ = try await Probe.ask(port, Requests.put(key)) }
        let bare = BareServers(programs, port: port + 8)
        let putAnswer = try await Probe.ask(port, Requests.put(own[0], context: context))
        let puts = Requests.single(own.map { Requests.put($0, context: context) })
        _ = try await sizes.compare(
            "PUT with a context of 6 nodes", puts, cluster, try await bare.start(answering: putAnswer), report,
            goal: 0.7)
        let getAnswer = try await Probe.ask(port, Requests.get(own[0], context: context))
        let gets = Requests.single(own.map { Requests.get($0, context: context) })
        _ = try await sizes.compare(
            "GET with a context of 6 nodes", gets, cluster, try await bare.start(answering: getAnswer), report,
            goal: 0.7)
        let plainAnswer = try await Probe.ask(port, Requests.put(own[0]))
        let plain = Requests.single(own.map { Requests.put($0) })
        _ = try await sizes.compare(
            "PUT of own keys, two replicas running", plain, cluster, try await bare.start(answering: plainAnswer),
            report,
            goal: 0.5)
        try await measureLag(cluster, plain, report)
        programs.stop()
    }

    /// From the answer to a write until a replica answers with it, read again and again, while others write.
    private func measureLag(_ cluster: BenchCluster, _ load: [LoadGenerator.Item], _ report: Report) async throws {
        let members = cluster.layout.shards[cluster.firstShard]
        guard let other = members.first(where: { $0.port != cluster.port }) else { return }
        let port = cluster.port
        let writer = try await Probe.connect(port: port)
        let reader = try await Probe.connect(port: other.port)
        let generator = sizes.generator(load, port, requests: sizes.requests * 2)
        async let rate = generator.run()
        var lags: [Double] = []
        for key in cluster.keys(1_224, ofShard: cluster.firstShard).suffix(200) {
            _ = try await writer.ask(Requests.put(key))
            let start = ContinuousClock.now
            while try await !reader.ask(Requests.get(key)).answer.hasPrefix("HTTP/1.1 200") {}
            lags.append((ContinuousClock.now - start) / .milliseconds(1))
        }
        _ = try await rate
        await writer.close()
        await reader.close()
        report.add("a replica's lag while others write", lags, unit: "ms", goal: .atMost(20))
    }
}
