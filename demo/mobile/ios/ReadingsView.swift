// The list of readings; pull to refresh.

import SwiftUI

struct ReadingsView: View {
    @ObservedObject var model: ReadingsModel

    var body: some View {
        NavigationStack {
            List {
                switch model.state {
                case .waiting:
                    ProgressView()
                case .failed(let reason):
                    Label(reason, systemImage: "lock.trianglebadge.exclamationmark")
                        .foregroundStyle(.red)
                case .loaded(let readings) where readings.isEmpty:
                    Text("No readings yet.")
                        .foregroundStyle(.secondary)
                case .loaded(let readings):
                    ForEach(Array(readings.enumerated()), id: \.offset) { _, reading in
                        ReadingRow(reading: reading)
                    }
                }
            }
            .navigationTitle("Temperatures")
            .refreshable { await model.refresh() }
            .task { await model.refresh() }
        }
    }
}

private struct ReadingRow: View {
    let reading: Reading

    var body: some View {
        LabeledContent {
            Text(reading.time, format: .dateTime)
        } label: {
            Text(
                Measurement(value: reading.temperature, unit: UnitTemperature.celsius),
                format: .measurement(width: .abbreviated, usage: .asProvided))
        }
    }
}
