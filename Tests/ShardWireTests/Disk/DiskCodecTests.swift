import ShardCore
import ShardWire
import Testing

@Suite struct DiskCodecTests {
    private static let node = NodeAddress("127.0.0.1:8081")!
    private static let other = NodeAddress("[::1]:9000")!
    private static let origin = Origin(node: node, incarnation: 7, epoch: 2)

    private static let vector = VersionVector([
        Dot(origin: origin, counter: 12), Dot(origin: Origin(node: other, incarnation: 1, epoch: 1), counter: 3),
    ])

    private static let entry = Entry(
        value: Array("{\"a\":[1,2]}".utf8),
        version: Version(dot: Dot(origin: origin, counter: 12), timestamp: 1 << 60), dependencies: vector)

    @Test func rowsWithLikeAndUnlikeTablesAreReadOneAfterAnother() throws {
        var tables = LastTables()
        let plain = Entry(value: [0x31], version: Self.entry.version, dependencies: VersionVector())
        let foreign = Entry(
            value: nil,
            version: Version(
                dot: Dot(origin: Origin(node: Self.other, incarnation: 7, epoch: 2), counter: 1), timestamp: 1),
            dependencies: VersionVector())
        for entry in [plain, plain, Self.entry, foreign, plain, foreign, foreign, Self.entry, Self.entry] {
            let row = DiskCodec.encode(entry, under: "k")
            #expect(try DiskCodec.decodeEntry(row[...], under: "k", tables: &tables) == entry)
        }
    }

    private static var state: DurableState {
        let layout = Layout(epoch: 2, seed: 9, placement: .edited, shards: [[node, other], [other]])
        let operation = OperationID(epoch: 3, attempt: 4, coordinator: other, incarnation: 5)
        let ballot = Ballot(round: 6, node: node, incarnation: 7)
        let record = EpochRecord(layout: layout, baseline: vector, operation: operation, starts: CrashVector([7, 3]))
        return DurableState(
            address: node, incarnation: 8,
            cluster: ClusterMark(id: ClusterID(settings: 10, draw: .max), standing: .locked), record: record,
            vector: vector, isWhole: true, extensions: vector,
            decisions: [KnownNode(address: other, isRemoved: true, decidedAt: 1, incarnation: 2)], promised: ballot,
            accepted: Accepted(ballot: ballot, record: record),
            voter: VoterState(
                memorySince: 2, hasVotes: true, crashVector: CrashVector([8, 3]), founding: CrashVector([8, 1])),
            staged: [StagedPortion(operation: operation, layout: layout)])
    }

    @Test func anEntryComesBackAsItWasWritten() throws {
        let row = DiskCodec.encode(Self.entry, under: "key")
        #expect(try DiskCodec.decodeEntry(row[...], under: "key") == Self.entry)
        let tombstone = Entry(value: nil, version: Self.entry.version, dependencies: VersionVector())
        #expect(try DiskCodec.decodeEntry(DiskCodec.encode(tombstone, under: "k")[...], under: "k") == tombstone)
    }

    @Test func aStateComesBackAsItWasWritten() throws {
        #expect(try DiskCodec.decodeState(DiskCodec.encode(Self.state)[...]) == Self.state)
    }

    @Test func everyFlippedBitAndEveryCutIsFound() {
        let row = DiskCodec.encode(Self.entry, under: "key")
        for index in row.indices {
            for bit in 0..<8 {
                var damaged = row
                damaged[index] ^= 1 << UInt8(bit)
                #expect(throws: MessageFormatError.self) { try DiskCodec.decodeEntry(damaged[...], under: "key") }
            }
            #expect(throws: MessageFormatError.self) { try DiskCodec.decodeEntry(row[..<index], under: "key") }
        }
    }

    @Test func aWholeRowOfAnotherFormatIsNoDamage() {
        var row = DiskCodec.encode(Self.entry, under: "key")
        row[8] = DiskCodec.format + 1
        var sum: UInt64 = 14_695_981_039_346_656_037
        for byte in Array("key".utf8) + row[8...] { sum = (sum ^ UInt64(byte)) &* 1_099_511_628_211 }
        for index in 0..<8 { row[index] = UInt8(truncatingIfNeeded: sum >> UInt64(8 * index)) }
        #expect(throws: DiskFormatError(found: DiskCodec.format + 1)) {
            try DiskCodec.decodeEntry(row[...], under: "key")
        }
    }

    @Test func aRowIsNotTakenForAnotherKeys() {
        let row = DiskCodec.encode(Self.entry, under: "key")
        #expect(throws: MessageFormatError.self) { try DiskCodec.decodeEntry(row[...], under: "kez") }
    }
}
