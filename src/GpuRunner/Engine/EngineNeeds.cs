namespace WanTalk.GpuRunner.Engine;

/// <summary>What a piece of work needs of an engine.</summary>
internal enum EngineNeeds
{
    /// <summary>Our node pack: windows, checkpoints, files that are deleted afterwards.</summary>
    NodePack,

    /// <summary>Any ComfyUI with the classes and models of the graph; without our pack the files of a talk stay on it.</summary>
    AnyComfyUI,
}
