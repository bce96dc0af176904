import Testing

/// A node in no shard, from its end to its leaving the view.
@Suite(.timeLimit(.minutes(10))) struct SpareTests {
    @Test func `a spare that went is named without alarm, and an operator takes it out, but no member`() async throws {
        let ports = try Ports.free(3)
        let ended = try await shell(
            #"""
            set -- \#(ports.map(String.init).joined(separator: " ")); umask 077; tokens="$TMPDIR/tokens"
            for role in read operate; do
              "$SHARDTOP" tokens add "$tokens" --name $role --role $role >"$TMPDIR/$role"
            done
            trap 'kill $(jobs -p)' EXIT
            export VIEW=127.0.0.1:$1,127.0.0.1:$2
            node="$(dirname "$SHARDTOP")/shardnode"
            for port in $1 $2; do
              SHARD_COUNT=1 SOCKET_ADDRESS=127.0.0.1:$port "$node" --token-file "$tokens" >/dev/null 2>&1 &
            done
            as() { role=$1; shift; "$SHARDTOP" "$@" --at 127.0.0.1:$first --token-file "$TMPDIR/$role" 2>&1; }
            first=$1; member=127.0.0.1:$2; spare=127.0.0.1:$3
            await() { i=0; until as read status | grep -q "$1" || [ $i -gt 300 ]; do sleep 0.1; i=$((i+1)); done; }
            await "2 of 2 nodes up, 1 shard"
            VIEW="$VIEW,$spare" SOCKET_ADDRESS=$spare "$node" --token-file "$tokens" >/dev/null 2>&1 & process=$!
            await "3 of 3 nodes up, 1 shard"
            kill $process; wait $process
            await "no keys to serve"
            echo "check: $(as read status --check | tr '\n' '|'; echo ${PIPESTATUS[0]})"
            echo "member: $(as operate remove-member $member)"
            echo "reader: $(as read remove-member $spare)"
            echo "plan: $(as read remove-member $spare --dry-run)"
            echo "taken: $(as operate remove-member $spare)"
            i=0; while as read status | grep -q $spare && [ $i -lt 300 ]; do sleep 0.1; i=$((i+1)); done
            echo "after: $(as read status | head -2 | tr '\n' '|')"
            echo "again: $(as operate remove-member $spare)"
            """#)
        let spare = "127.0.0.1:\(ports[2])"
        let text = ended.text
        func says(_ words: String) { #expect(text.contains(words), "\(text)") }
        says("check: ok|  \(spare): down, in no shard, and with no keys to serve: start \(spare) again (")
        says("or take it out of the view: shardtop remove-member \(spare)|2 of 3 nodes up")
        says("|in no shard:|  \(spare)  down: ")
        says("|0\n")
        says("member: shardtop: 127.0.0.1:\(ports[1]) is in shard 0 and holds its keys")
        says("'read' has the role read, and this wants operate")
        says("plan: remove a node:\n  \(spare) leaves the view\n")
        says("taken: \(spare) is out of the cluster\n")
        says("after: ok|2 of 2 nodes up")
        says("again: shardtop: \(spare) is not in the view")
    }
}
