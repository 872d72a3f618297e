using System.Runtime.ExceptionServices;

namespace Testbed.Analyzer.Streaming;

/// <summary>
/// A tap's records from a thread of its own, in order, through a bounded queue: whoever is ahead waits. Slabs go round,
/// so a stream allocates nothing once it flows.
/// </summary>
internal sealed class TapStream : IDisposable
{
    private const int WaitingMax = 8;
    private readonly TapScanner _scanner;
    private readonly CancellationToken _cancellation;
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _filled = new(0), _room = new(WaitingMax);
    private readonly Queue<Slab> _waiting = new();
    private readonly Stack<Slab> _free = new();
    private readonly Thread _thread;
    private volatile bool _isStopped;
    private ExceptionDispatchInfo? _fault;

    public TapStream(TapScanner scanner, CancellationToken cancellation)
    {
        (_scanner, _cancellation) = (scanner, cancellation);
        _thread = new Thread(Run) { IsBackground = true, Name = $"tap {scanner.Input.Name}" };
    }

    /// <summary>The slab that is being filled, for what is noted beside its records.</summary>
    public Slab? Filling { get; private set; }

    public void Start() => _thread.Start();

    /// <summary>The next slab, whose owner gives it back; null at the end.</summary>
    /// <exception cref="Exception">Whatever stopped the reader.</exception>
    public Slab? Take()
    {
        _filled.Wait(_cancellation);
        lock (_gate)
        {
            if (_waiting.TryDequeue(out Slab? slab))
            {
                _room.Release();
                return slab;
            }
        }
        // The end is for ever.
        _filled.Release();
        _fault?.Throw();
        return null;
    }

    public void GiveBack(Slab slab)
    {
        slab.Clear();
        lock (_gate) _free.Push(slab);
    }

    public void Dispose()
    {
        _isStopped = true;
        _room.Release(WaitingMax);
        if (_thread.IsAlive) _thread.Join();
        _scanner.Dispose();
        _filled.Dispose();
        _room.Dispose();
    }

    // Whatever happens here reaches the taker of slabs, behind those that were filled before.
    private void Run()
    {
        try
        {
            while (!_isStopped && Next()) _cancellation.ThrowIfCancellationRequested();
        }
        catch (Exception fault)
        {
            _fault = ExceptionDispatchInfo.Capture(fault);
        }
        _filled.Release();
    }

    private bool Next()
    {
        _room.Wait(_cancellation);
        Slab? slab;
        lock (_gate) _free.TryPop(out slab);
        Filling = slab ??= new();
        if (!_scanner.Fill(slab)) return false;
        lock (_gate) _waiting.Enqueue(slab);
        _filled.Release();
        return true;
    }
}
