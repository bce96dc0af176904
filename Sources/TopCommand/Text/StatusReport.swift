import ClusterModel
import Dashboard

/// All that is known of a cluster, and how it is, in one JSON object.
struct StatusReport: Encodable {
    var cluster: Cluster
    var verdict: Verdict

    private enum CodingKeys: String, CodingKey { case verdict }

    func encode(to encoder: any Encoder) throws {
        try cluster.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(verdict, forKey: .verdict)
    }
}
