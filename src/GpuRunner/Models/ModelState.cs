namespace WanTalk.GpuRunner.Models;

/// <summary>How it stands with a model's file.</summary>
internal enum ModelState
{
    /// <summary>It is what the manifest says; by its size alone where no hash was computed.</summary>
    Good,

    /// <summary>It is not there.</summary>
    Missing,

    /// <summary>Size or SHA-256 are not the manifest's.</summary>
    Damaged,

    /// <summary>It is there, and the manifest does not say how to tell whether it is whole.</summary>
    Unlocked,
}

/// <summary>What was found of a model.</summary>
/// <param name="Model">The model.</param>
/// <param name="State">How it stands.</param>
/// <param name="Detail">What is wrong with it, as a sentence; empty when nothing is.</param>
internal sealed record ModelFinding(ModelEntry Model, ModelState State, string Detail = "");
