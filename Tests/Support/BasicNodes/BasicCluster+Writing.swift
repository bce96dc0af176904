/// How the nodes write what they say.
extension BasicCluster {
    func id(_ index: Int) -> String {
        switch habits.ids {
        case .numbers, .digits: "\(index)"
        case .names: "s\(index)"
        }
    }

    func index(_ id: String) -> Int? {
        switch habits.ids {
        case .numbers, .digits: Int(id)
        case .names: id.hasPrefix("s") ? Int(id.dropFirst()) : nil
        }
    }

    func jsonID(_ index: Int) -> String { habits.ids == .numbers ? "\(index)" : "\"\(id(index))\"" }

    func idList(_ count: Int) -> String {
        if habits.idList == .json { return "[" + (0..<count).map(jsonID).joined(separator: ",") + "]" }
        return Self.text((0..<count).map(id), habits.idList, isQuoted: habits.ids != .numbers)
    }

    func addressList(_ texts: [String]) -> String {
        if habits.addresses == .json { return "[" + texts.map { "\"\($0)\"" }.joined(separator: ",") + "]" }
        return Self.text(texts, habits.addresses, isQuoted: true)
    }

    func count(_ value: Int) -> String { habits.counts == .numbers ? "\(value)" : "\"\(value)\"" }

    func error(_ status: Int, _ words: String) -> BasicReply {
        .json(status, "{\"\(habits.errorsAreMessages ? "message" : "error")\":\"\(words)\"}")
    }

    private static func text(_ texts: [String], _ form: Habits.Lists, isQuoted: Bool) -> String {
        guard form == .printed else { return "\"\(texts.joined(separator: ","))\"" }
        return "\"[\(texts.map { isQuoted ? "'\($0)'" : $0 }.joined(separator: ", "))]\""
    }
}
