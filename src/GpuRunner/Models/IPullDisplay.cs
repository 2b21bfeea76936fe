using WanTalk.Core.Errors;

namespace WanTalk.GpuRunner.Models;

/// <summary>Shows on standard error how far a pull is; called from any thread.</summary>
internal interface IPullDisplay : IAsyncDisposable
{
    /// <summary>Another process pulls into the same folder.</summary>
    void Waits();

    /// <summary>A file is there and whole.</summary>
    void IsThere(ModelEntry model);

    /// <summary>A file is missing or damaged.</summary>
    void Wants(ModelFinding finding);

    /// <summary>A file has so many bytes now.</summary>
    void Came(ModelEntry model, long bytes);

    /// <summary>A file is in its place.</summary>
    void Done(ModelEntry model);

    /// <summary>A file could not be had.</summary>
    void Failed(ModelEntry model, TalkError error);
}
