using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using WanTalk.Core.Work;

namespace WanTalk.GpuRunner.Lanes;

/// <summary>Serves all lanes of a runner. They stop together: none takes work while another one is still giving its own back.</summary>
internal sealed class LaneGroup(RunnerOptions options, IServiceProvider services) : IHostedService, IDisposable
{
    private readonly List<LaneWorker> _workers =
    [
        .. options.Lanes.Select(lane => ActivatorUtilities.CreateInstance<LaneWorker>(
            services, lane, lane == Lane.Media ? options.MediaConcurrency : 1)),
    ];

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.WhenAll(_workers.Select(worker => worker.StartAsync(cancellationToken)));

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.WhenAll(_workers.Select(worker => worker.StopAsync(cancellationToken)));

    /// <inheritdoc/>
    public void Dispose() => _workers.ForEach(worker => worker.Dispose());
}
