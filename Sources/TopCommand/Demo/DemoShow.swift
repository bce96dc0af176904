import ClusterModel
import Dashboard

/// Where and how a demo is shown, whatever its engine.
struct DemoShow: Sendable {
    /// Nil in the dashboard; else what the story in plain lines reshards to.
    var story: DemoStory.Reshard?
    var look: DashboardLook
    var recorder: Recorder?
    var alerting = Alerting()
    var plan: ScriptOptions.Plan?

    /// The dashboard is there at once. It ends where the nodes do not start; what prepares them ends with it.
    func openDashboard(_ source: any ClusterSource, _ controls: LocalControls) async throws {
        defer { controls.traffic.stop() }
        try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                try await controls.prepare()
                return false
            }
            group.addTask {
                try await DashboardTerminal.open(
                    source, name: "demo", look: look, controls: controls, recorder: recorder,
                    alerting: alerting, plan: plan)
                return true
            }
            defer { group.cancelAll() }
            while let isDashboard = try await group.next(), !isDashboard {}
        }
    }
}
