import Foundation
import Testing

/// However a demo ends, and wherever: its nodes are gone with it, and so is its folder.
@Suite(.timeLimit(.minutes(10))) struct DemoEndsTests {
    /// The ports that a demo said its nodes have.
    private func ports(_ text: String) -> [Int] {
        guard let match = text.firstMatch(of: /on ports (\d+) to (\d+)/), let first = Int(match.1),
            let last = Int(match.2)
        else { return [] }
        return Array(first...last)
    }

    @Test func aReaderThatLeavesEndsItQuietlyAndInOrder() async throws {
        let ended = try await shell(
            #""$SHARDTOP" demo --plain --nodes 4 --reshard-to 2 --keys 50 --port 24700 | head -1; echo "${PIPESTATUS[0]}""#
        )
        #expect(ended.text.split(separator: "\n").map(String.init).last == "141")
        #expect(!ended.text.contains("shardtop:"), "it says nothing more: \(ended.text)")
        #expect(ended.left == [])
        let ports = ports(ended.text)
        #expect(ports.count >= 4)
        #expect(!ports.contains(where: Ports.isListening))
    }

    @Test func aScriptThatFailsLeavesNothing() async throws {
        let ended = try await shell(
            #"""
            echo 'see "what never comes" within 1s' >"$TMPDIR/s"
            "$SHARDTOP" demo --nodes 4 --reshard-to 2 --keys 0 --port 24720 --script "$TMPDIR/s" --size 80x24; echo "status $?"; rm "$TMPDIR/s"
            """#)
        #expect(ended.text.contains("what never comes"))
        #expect(ended.text.hasSuffix("status 1\n"))
        #expect(ended.left == [])
    }

    @Test(
        arguments: [
            ("--script /nowhere/s --size 80x24", "/nowhere/s"),
            ("--script \"$TMPDIR/good\" --size 80x24 --record /nowhere/r", "/nowhere/r"),
            ("--script \"$TMPDIR/bad\" --size 80x24", "prod"),
            ("--plain --record r", "--record"),
        ])
    func whatIsWrongWithTheCommandLineStartsNothing(arguments: String, words: String) async throws {
        let ended = try await shell(
            #"""
            echo press q >"$TMPDIR/good"; echo prod q >"$TMPDIR/bad"
            "$SHARDTOP" demo --port 24740 \#(arguments); status=$?
            rm "$TMPDIR/good" "$TMPDIR/bad"; exit $status
            """#)
        #expect(!ended.text.contains("nodes on ports"))
        #expect(ended.text.contains(words))
        #expect(!ended.status.isSuccess)
        #expect(ended.left == [])
    }

    @Test func aTemporaryFolderThatIsNotThereIsSaidInWords() async throws {
        let ended = try await shell(#"TMPDIR="$TMPDIR/none" "$SHARDTOP" demo --plain --port 24740; echo "status $?""#)
        #expect(ended.text.contains("/none: set TMPDIR to a folder"))
        #expect(ended.text.hasSuffix("status 74\n"))
        #expect(ended.left == [])
    }

    @Test func fourAtOnceDoNotGetInEachOthersWay() async throws {
        let ended = try await shell(
            #"""
            for n in 1 2 3 4; do
              "$SHARDTOP" demo --plain --in-memory --nodes 4 --keys 40 --reshard-to 1 --rate 0 --port 24760 >"$TMPDIR/$n" 2>&1 &
            done
            for job in $(jobs -p); do wait $job || { echo "status $?"; cat "$TMPDIR"/?; }; done
            grep -l "^OK" "$TMPDIR"/? | wc -l; rm "$TMPDIR"/?
            """#)
        #expect(ended.text.trimmingCharacters(in: .whitespacesAndNewlines) == "4")
        #expect(ended.left == [])
    }
}
