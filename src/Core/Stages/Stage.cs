namespace WanTalk.Core.Stages;

/// <summary>The parts of a talk's way that are handed to runners or done by the host, in their order.</summary>
public enum Stage
{
    /// <summary>Fetch, check and normalise the inputs.</summary>
    Prepare,

    /// <summary>Work out the windows.</summary>
    Plan,

    /// <summary>Take the voice out of the speech.</summary>
    Separate,

    /// <summary>Make the conditioning of the whole talk.</summary>
    Embed,

    /// <summary>Sample the windows.</summary>
    Sample,

    /// <summary>Join the windows and the speech.</summary>
    Assemble,

    /// <summary>Put the video where the caller can get it.</summary>
    Publish,

    /// <summary>Tell who wants to know.</summary>
    Notify,

    /// <summary>Look at inputs before there is a talk, as prepare does with a talk's; no part of a talk's way.</summary>
    Preflight,
}
