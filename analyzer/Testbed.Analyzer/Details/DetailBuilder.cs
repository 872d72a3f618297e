using Testbed.Analyzer.Decoding;
using Testbed.Analyzer.Details.Monitoring;
using Testbed.Analyzer.Details.Tcp;
using Testbed.Analyzer.Details.Traffic;

namespace Testbed.Analyzer.Details;

/// <summary>Makes the details from packets that were kept. Touches nothing that other figures rest on.</summary>
internal static class DetailBuilder
{
    /// <exception cref="IOException">An N3 file cannot be read again.</exception>
    public static AnalysisDetails Build(AnalysisContext context, int top, CancellationToken cancellation)
    {
        FlowCells cells = new(context);
        cancellation.ThrowIfCancellationRequested();
        TrafficTables tables = new(cells, top);
        FlowRows flows = new(cells, top);
        TcpAnalysis tcp = new(cells, top, flows.Shown);
        cancellation.ThrowIfCancellationRequested();
        return new()
        {
            Point = cells.Kind is RecordKind.Gpdu ? "n3" : "n6",
            Top = top,
            OneWayDelaysUsable = FlowCells.AreDelaysUsable(context),
            Ues = tables.Ues(),
            Tunnels = tables.Tunnels(),
            QosFlows = tables.QosFlows(),
            Dnns = tables.Dnns(),
            Flows = flows.Details(tcp),
            WithoutUe = tables.WithoutUe(),
            LostBeforeAnyTunnel = cells.LostBeforeAnyTunnel,
            UplinkLossBursts = Bursts(PacketDirection.Uplink),
            DownlinkLossBursts = Bursts(PacketDirection.Downlink),
            Tcp = tcp.Details(),
            Monitoring = MonitoringReader.Read(context, cancellation),
        };

        LossBursts? Bursts(PacketDirection direction) =>
            context.HasBothSides ? new LossBurstFinder(context, direction).Find() : null;
    }
}
