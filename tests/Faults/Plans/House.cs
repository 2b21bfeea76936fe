namespace WanTalk.Faults.Plans;

/// <summary>The two ways in which the programs are put together.</summary>
public enum House
{
    /// <summary>Artifacts in a folder and lanes in SQLite: a host, its runner and that one's engine.</summary>
    Folder,

    /// <summary>Artifacts and lanes in an account: a host, two runners that share the lanes, an engine each.</summary>
    Account,
}
