/// The program's version, as `--version` and the state say it.
public enum NodeVersion {
    public static let text = "0.1.0"
}
