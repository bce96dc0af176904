import ShardWire

extension SecurityState {
    /// The ways in which the node stands open, a sentence each.
    var weaknessWords: [String] {
        var words: [String] = []
        if peers == .open {
            words.append(
                "Anyone who reaches this node can be a peer, and read and change everything: give --tls-cert, --tls-key and "
                    + "--tls-ca, or --cluster-secret-file")
        }
        if acceptsOpenPeers {
            words.append("Peers that prove nothing are let in until the node is started without --accept-open-peers")
        }
        if clients == .open {
            words.append("Anyone who reaches this node can change keys and the layout: give --token-file")
        } else if transport == .plain {
            words.append("Tokens and values can be read on the way: give --tls-cert, --tls-key and --tls-ca")
        }
        return words
    }
}
