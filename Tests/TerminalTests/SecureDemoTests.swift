import Testing

/// A cluster that lets nobody in who does not show who they are, from its founding to its end.
@Suite(.serialized, .timeLimit(.minutes(5))) struct SecureDemoTests {
    @Test func `a closed demo tells its story, lets its owner in and nobody else, and leaves nothing`() async throws {
        let ended = try await shell(
            #"""
            "$SHARDTOP" demo --secure --plain --nodes 4 --reshard-to 1 --keys 4000 --rate 500 --port 25400 \
              >"$TMPDIR/out" 2>&1 &
            demo=$!
            i=0; until grep -q "^OK\|up, 2 shards" "$TMPDIR/out" || [ $i -gt 600 ]; do sleep 0.1; i=$((i+1)); done
            folder=$(ls -d "$TMPDIR"/shardtop-demo-*/security); at=https://127.0.0.1:25400
            echo "open to others: $(find "$folder" -name "*.key" -perm /077) $(find "$folder" -name "*tok*" -perm /077)"
            ask() { "$SHARDTOP" status --at "$@" >/dev/null 2>"$TMPDIR/err" </dev/null; echo "$? $(head -1 "$TMPDIR/err")"; }
            echo "owner: $(ask $at --tls-ca $folder/ca.pem --token-file $folder/demo.token)"
            echo "no token: $(ask $at --tls-ca $folder/ca.pem)"
            echo "no authority: $(ask $at --token-file $folder/demo.token)"
            echo "plain: $(ask 127.0.0.1:25400 --token-file $folder/demo.token)"
            token=$(cat $folder/demo.token)
            echo "told: $(grep -c -e "$token" "$TMPDIR/out" "$TMPDIR"/shardtop-demo-*/*.log | grep -v ":0$")"
            echo "listed: $(cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\0' '\n' | grep -c -e "^$token")"
            wait $demo; echo "status $?"; grep "^OK" "$TMPDIR/out"; ls -d "$TMPDIR"/shardtop-demo-* 2>&1 | grep -c security
            """#)
        let text = ended.text
        func says(_ words: String) { #expect(text.contains(words), "\(text)") }
        says("open to others:  \n")
        says("owner: 0 \n")
        says("no token: 77 shardtop: 127.0.0.1:25400 answered 401")
        says("no authority: 76 shardtop: 127.0.0.1:25400 was refused here: its certificate is not signed by")
        says("plain: 76 ")
        says("told: \n")
        says("listed: 0\n")
        says("status 0\nOK: keys before = after = 4,000")
    }
}
