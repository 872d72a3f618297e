namespace Testbed.Probes.Capacity;

/// <summary>
/// Load rate adjustment of type B (RFC 9097 §8.1 and appendix A): up fast while nothing is lost, down by a row
/// on trouble, down by thirty when trouble lasts. Pure: the next rate follows from the feedback alone.
/// </summary>
/// <remarks>
/// Four departures, for trials of a few seconds at any rate: the table's rows scale with the site's limit, so that
/// a thousand span it; the first climb multiplies, and where it meets trouble the search goes on from the
/// rate that was received; a large step down never goes below half of what was received, so that a policer's
/// bucket does not fill up and flatter the next second; and packets that overtook each other are counted and are no
/// trouble, since a full network loses or delays, while parallel paths reorder at any rate.
/// </remarks>
internal sealed class RateSearch
{
    private const double ClimbFactor = 1.25;
    private const int RowsFast = 10, RowsBack = 30;
    /// <summary>RFC 9097 appendix A: the third status with trouble takes the large step down.</summary>
    private const int SlowAfter = 3;
    /// <summary>A second of statuses without trouble: then up fast again.</summary>
    private const int CleanToHurry = 20;
    /// <summary>RFC 9097 §8.1: defaults for the variation of delay.</summary>
    private const int DelayLowUs = 30_000, DelayUpperUs = 90_000;
    /// <summary>RFC 9097 §8.1: lost packets in a status that are no trouble yet …</summary>
    private const int LostMax = 10;
    /// <summary>… but no more than one in twenty, since 10 are half of a status at 5 Mbit/s.</summary>
    private const int PacketsPerLost = 20;

    private readonly double _maxKbps, _minKbps, _rowKbps;
    private int _slowCount, _cleanCount;
    private bool _climbing = true;

    public RateSearch(int startKbps, int maxKbps)
    {
        _maxKbps = maxKbps;
        _rowKbps = Math.Max(10, maxKbps / 1_000.0);
        _minKbps = Math.Min(maxKbps, 500);
        RateKbps = Math.Clamp(startKbps, _minKbps, maxKbps);
    }

    /// <summary>IP-layer rate to offer now; never above the site's limit.</summary>
    public double RateKbps { get; private set; }
    /// <summary>The highest rate offered so far.</summary>
    public double OfferedKbpsMax { get; private set; }

    public void Update(in StatusReport status)
    {
        long packets = (long)status.Received + status.Lost;
        bool complete = status.Lost <= Math.Min(LostMax, packets / PacketsPerLost);
        OfferedKbpsMax = Math.Max(OfferedKbpsMax, RateKbps);
        double next = RateKbps;
        if (complete && status.DelayVariationUs < DelayLowUs) next = Up();
        else if (!complete || status.DelayVariationUs > DelayUpperUs) next = Down(status.RateKbps);
        RateKbps = Math.Clamp(next, _minKbps, _maxKbps);
    }

    private double Up()
    {
        if (_climbing) return Math.Max(RateKbps * ClimbFactor, RateKbps + RowsFast * _rowKbps);
        if (++_cleanCount >= CleanToHurry) _slowCount = 0;
        if (_slowCount >= SlowAfter) return RateKbps + _rowKbps;
        _slowCount = 0;
        return RateKbps + RowsFast * _rowKbps;
    }

    private double Down(double receivedKbps)
    {
        _cleanCount = 0;
        _slowCount++;
        if (_climbing)
        {
            _climbing = false;
            return Math.Min(RateKbps, receivedKbps + _rowKbps);
        }
        return _slowCount == SlowAfter
            ? Math.Max(RateKbps - RowsBack * _rowKbps, receivedKbps / 2)
            : RateKbps - _rowKbps;
    }
}
